/** The write-up could not be made or written. The message is for people and names the file. */
export class ReportError extends Error {
  readonly file: string;
  constructor(file: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ReportError';
    this.file = file;
  }
}
