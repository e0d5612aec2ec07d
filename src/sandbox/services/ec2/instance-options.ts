/** Options of an instance that have calls of their own: metadata service, monitoring, CPU credits, console. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import { list, missingParameter, requireInstance } from './common.ts';
import { DEFAULT_METADATA, metadataOptions } from './launch-options.ts';

const ModifyInstanceMetadataOptions: Operation<
  Ec2.ModifyInstanceMetadataOptionsRequest,
  Ec2.ModifyInstanceMetadataOptionsResult
> = (request, { InstanceId, DryRun: _dryRun, ...wanted }) => {
  const instance = requireInstance(request, InstanceId);
  if (Object.values(wanted).every((value) => value === undefined))
    throw new AwsError('InvalidParameterCombination', 'No metadata options specified.');
  instance.MetadataOptions = metadataOptions(instance.MetadataOptions ?? DEFAULT_METADATA, wanted);
  return { InstanceId, InstanceMetadataOptions: { ...instance.MetadataOptions, State: 'pending' } };
};

function monitor(request: Request, ids: readonly string[] | undefined, State: 'enabled' | 'disabled') {
  if (!ids?.length) throw new AwsError('InvalidParameterCombination', 'No instances specified');
  const instances = ids.map((id) => requireInstance(request, id));
  for (const instance of instances) instance.Monitoring = { State };
  const told = State === 'enabled' ? ('pending' as const) : ('disabling' as const);
  return { InstanceMonitorings: instances.map(({ InstanceId }) => ({ InstanceId, Monitoring: { State: told } })) };
}

const MonitorInstances: Operation<Ec2.MonitorInstancesRequest, Ec2.MonitorInstancesResult> = (request, input) =>
  monitor(request, input.InstanceIds, 'enabled');

const UnmonitorInstances: Operation<Ec2.UnmonitorInstancesRequest, Ec2.UnmonitorInstancesResult> = (request, input) =>
  monitor(request, input.InstanceIds, 'disabled');

/** Without ids only instances in unlimited mode are told (EC2 API Reference, DescribeInstanceCreditSpecifications). */
const DescribeInstanceCreditSpecifications: Operation<
  Ec2.DescribeInstanceCreditSpecificationsRequest,
  Ec2.DescribeInstanceCreditSpecificationsResult
> = (request, input) => {
  const { instances, launches = {} } = request.region.ec2;
  const ids = input.InstanceIds ?? [];
  const chosen = ids.length === 0 ? instances : ids.map((id) => requireInstance(request, id));
  const told = chosen
    .map(({ InstanceId = '' }) => ({ InstanceId, CpuCredits: launches[InstanceId]?.cpuCredits, Tags: [] }))
    .filter(({ CpuCredits }) => ids.length > 0 || CpuCredits === 'unlimited');
  const { items, ...rest } = list(told, input, {
    idOf: ({ InstanceId }) => InstanceId,
    prefix: 'i',
    filters: { 'instance-id': ({ InstanceId }) => InstanceId },
  });
  const InstanceCreditSpecifications = items.map(({ InstanceId, CpuCredits }) => ({
    InstanceId,
    CpuCredits: CpuCredits ?? 'standard',
  }));
  return { InstanceCreditSpecifications, ...rest };
};

/** What a host without a screen says when it has started, and the script in its user data; nothing while it never has. */
const GetConsoleOutput: Operation<Ec2.GetConsoleOutputRequest, Ec2.GetConsoleOutputResult> = (
  request,
  { InstanceId },
) => {
  if (InstanceId === undefined) throw missingParameter('instanceId');
  const { State, LaunchTime, PrivateDnsName = '', Architecture, Platform } = requireInstance(request, InstanceId);
  const hasStarted = State?.Name !== 'pending' && State?.Name !== 'terminated' && Platform === undefined;
  const host = PrivateDnsName.split('.')[0] ?? '';
  const machine = Architecture === 'arm64' ? 'aarch64' : 'x86_64';
  const text = `\nAmazon Linux 2023\nKernel 6.1 on an ${machine} (-)\n\n${host} login: `;
  const { stdout = '' } = request.region.ec2.userDataRuns?.[InstanceId] ?? {};
  const output = stdout.replace(/^(?=.)/gms, 'cloud-init: ');
  return {
    InstanceId,
    Timestamp: LaunchTime,
    Output: hasStarted ? Buffer.from(output === '' ? text : `${text}\n${output}`).toString('base64') : '',
  };
};

export const instanceOptionOperations: Operations = {
  ModifyInstanceMetadataOptions,
  MonitorInstances,
  UnmonitorInstances,
  DescribeInstanceCreditSpecifications,
  GetConsoleOutput,
};
