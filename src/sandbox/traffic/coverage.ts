import type { FlowLog, NetworkInterface } from '@aws-sdk/client-ec2';
import type { Ec2State } from '../world.ts';

/** The flow logs that make records for CloudWatch Logs. Other destinations are not simulated. */
export function activeFlowLogs(ec2: Ec2State): FlowLog[] {
  return ec2.flowLogs.filter(
    (flowLog) =>
      flowLog.FlowLogStatus === 'ACTIVE' && (flowLog.LogDestinationType ?? 'cloud-watch-logs') === 'cloud-watch-logs',
  );
}

/** The interfaces that a flow log on a VPC, a subnet or one interface records. */
export function interfacesOf(ec2: Ec2State, flowLog: FlowLog): NetworkInterface[] {
  return ec2.networkInterfaces.filter(({ NetworkInterfaceId, SubnetId, VpcId }) =>
    [NetworkInterfaceId, SubnetId, VpcId].includes(flowLog.ResourceId),
  );
}
