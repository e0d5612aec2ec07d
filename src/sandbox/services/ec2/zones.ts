/** Regions and Availability Zones. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { regionNames, zonesOf } from '../../regions.ts';
import { AwsError, type Operation, type Operations } from '../../service.ts';
import { list } from './common.ts';

const regions: readonly (Ec2.Region & { Tags: Ec2.Tag[] })[] = regionNames.map((RegionName) => ({
  RegionName,
  Endpoint: `ec2.${RegionName}.amazonaws.com`,
  OptInStatus: 'opt-in-not-required',
  Tags: [],
}));

const DescribeRegions: Operation<Ec2.DescribeRegionsRequest, Ec2.DescribeRegionsResult> = (_request, input) => {
  const names = input.RegionNames ?? [];
  const unknown = names.filter((name) => !regionNames.includes(name));
  if (unknown.length > 0) throw new AwsError('InvalidParameterValue', `Invalid region names: [${unknown.join(', ')}]`);
  const { items } = list(
    regions.filter(({ RegionName = '' }) => names.length === 0 || names.includes(RegionName)),
    { Filters: input.Filters },
    {
      idOf: ({ RegionName }) => RegionName,
      prefix: '',
      filters: {
        endpoint: ({ Endpoint }) => Endpoint,
        'opt-in-status': ({ OptInStatus }) => OptInStatus,
        'region-name': ({ RegionName }) => RegionName,
      },
    },
  );
  return { Regions: items.map(({ Tags: _none, ...region }) => region) };
};

function zonesIn(RegionName: string): (Ec2.AvailabilityZone & { Tags: Ec2.Tag[] })[] {
  return zonesOf(RegionName).map(({ name, id }) => ({
    ZoneName: name,
    ZoneId: id,
    RegionName,
    GroupName: `${RegionName}-zg-1`,
    NetworkBorderGroup: RegionName,
    ZoneType: 'availability-zone',
    State: 'available',
    OptInStatus: 'opt-in-not-required',
    Messages: [],
    Tags: [],
  }));
}

const DescribeAvailabilityZones: Operation<
  Ec2.DescribeAvailabilityZonesRequest,
  Ec2.DescribeAvailabilityZonesResult
> = ({ regionName }, input) => {
  const zones = zonesIn(regionName);
  const { ZoneNames: names = [], ZoneIds: ids = [] } = input;
  requireKnown(
    names,
    zones.map(({ ZoneName = '' }) => ZoneName),
    'availability zone',
  );
  requireKnown(
    ids,
    zones.map(({ ZoneId = '' }) => ZoneId),
    'availability zone-id',
  );
  const chosen = zones.filter(
    ({ ZoneName = '', ZoneId = '' }) =>
      (names.length === 0 || names.includes(ZoneName)) && (ids.length === 0 || ids.includes(ZoneId)),
  );
  const { items } = list(
    chosen,
    { Filters: input.Filters },
    {
      idOf: ({ ZoneName }) => ZoneName,
      prefix: '',
      filters: {
        'group-name': ({ GroupName }) => GroupName,
        message: () => undefined,
        'opt-in-status': ({ OptInStatus }) => OptInStatus,
        'parent-zone-id': () => undefined,
        'parent-zone-name': () => undefined,
        'region-name': ({ RegionName }) => RegionName,
        state: ({ State }) => State,
        'zone-id': ({ ZoneId }) => ZoneId,
        'zone-name': ({ ZoneName }) => ZoneName,
        'zone-type': ({ ZoneType }) => ZoneType,
      },
    },
  );
  return { AvailabilityZones: items.map(({ Tags: _none, ...zone }) => zone) };
};

function requireKnown(wanted: readonly string[], known: readonly string[], what: string): void {
  const unknown = wanted.filter((each) => !known.includes(each));
  if (unknown.length > 0) throw new AwsError('InvalidParameterValue', `Invalid ${what}: [${unknown.join(', ')}]`);
}

export const zoneOperations: Operations = { DescribeRegions, DescribeAvailabilityZones };
