/** `grades.json`: one document for the class, with everything that the other formats are made of. */
import type { ClassInfo, Row } from '../grade.ts';
import type { Same } from '../sameness.ts';

/** The document in pieces, a learner a piece. How an account is entered is not in it. */
export function* json(info: ClassInfo, rows: Iterable<Row>, same: readonly Same[]): Generator<string> {
  yield `{"schema":"labproof/class/v1",${JSON.stringify(info).slice(1, -1)},\n"sameness":${JSON.stringify(same)},\n"learners":[`;
  let separator = '\n';
  for (const { learner, grade } of rows) {
    const { entry: _, ...who } = learner;
    yield `${separator}${JSON.stringify({ ...who, grade })}`;
    separator = ',\n';
  }
  yield '\n]}\n';
}
