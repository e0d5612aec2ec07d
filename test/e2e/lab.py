"""The lab as somebody does it who writes boto3: nothing in here knows that it is not AWS that answers.

With `read` as its argument it prints what it finds of the resources instead, one JSON document by operation.
"""
import json
import sys
import time

import boto3

ec2, iam, logs, ssm = (boto3.client(name) for name in ("ec2", "iam", "logs", "ssm"))
GROUP = "NextWorkVPCFlowLogsGroup"
ANYWHERE = [{"CidrIp": "0.0.0.0/0"}]


def trust(service):
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def named(kind, name):
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]


def network(number, image):
    """A VPC with a public subnet and an instance in it that can be pinged."""
    cidr = f"10.{number}.0.0/16"
    vpc = ec2.create_vpc(CidrBlock=cidr, TagSpecifications=named("vpc", f"NextWork-{number}"))["Vpc"]["VpcId"]
    ec2.get_waiter("vpc_available").wait(VpcIds=[vpc])
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.{number}.0.0/20")["Subnet"]["SubnetId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    group = ec2.create_security_group(GroupName=f"NextWork-{number}-SG", Description="Ping and SSH", VpcId=vpc)["GroupId"]
    ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[
            {"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1, "IpRanges": ANYWHERE},
            {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": ANYWHERE},
        ],
    )
    instance = ec2.run_instances(
        ImageId=image,
        InstanceType="t3.micro",
        MinCount=1,
        MaxCount=1,
        IamInstanceProfile={"Name": "lab-ssm"},
        TagSpecifications=named("instance", f"Instance {number}"),
        NetworkInterfaces=[
            {"DeviceIndex": 0, "SubnetId": subnet, "AssociatePublicIpAddress": True, "Groups": [group]}
        ],
    )["Instances"][0]["InstanceId"]
    return {"cidr": cidr, "vpc": vpc, "table": table, "instance": instance}


def addresses(instance):
    found = ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]
    return found["PrivateIpAddress"], found["PublicIpAddress"]


def wait_for(what, found):
    for _ in range(200):
        value = found()
        if value:
            return value
        time.sleep(0.1)
    sys.exit(f"{what} did not come")


def ping(instance, address):
    parameters = {"commands": [f"ping -c 5 {address}"]}
    sent = ssm.send_command(InstanceIds=[instance], DocumentName="AWS-RunShellScript", Parameters=parameters)
    command = sent["Command"]["CommandId"]

    def ended():
        answer = ssm.get_command_invocation(CommandId=command, InstanceId=instance)
        return answer if answer["Status"] not in ("Pending", "InProgress") else None

    return wait_for("the end of the ping", ended)["StandardOutputContent"]


def build():
    iam.create_role(RoleName="lab-ssm", AssumeRolePolicyDocument=trust("ec2.amazonaws.com"))
    iam.attach_role_policy(RoleName="lab-ssm", PolicyArn="arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore")
    iam.create_instance_profile(InstanceProfileName="lab-ssm")
    iam.add_role_to_instance_profile(InstanceProfileName="lab-ssm", RoleName="lab-ssm")
    parameter = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
    image = ssm.get_parameter(Name=parameter)["Parameter"]["Value"]
    one, two = network(1, image), network(2, image)
    ec2.get_waiter("instance_running").wait(InstanceIds=[one["instance"], two["instance"]])

    logs.create_log_group(logGroupName=GROUP)
    actions = ["CreateLogGroup", "CreateLogStream", "PutLogEvents", "DescribeLogGroups", "DescribeLogStreams"]
    statement = {"Effect": "Allow", "Action": [f"logs:{action}" for action in actions], "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    policy = iam.create_policy(PolicyName="NextWorkVPCFlowLogsPolicy", PolicyDocument=document)["Policy"]["Arn"]
    role = iam.create_role(
        RoleName="NextWorkVPCFlowLogsRole", AssumeRolePolicyDocument=trust("vpc-flow-logs.amazonaws.com")
    )["Role"]["Arn"]
    iam.attach_role_policy(RoleName="NextWorkVPCFlowLogsRole", PolicyArn=policy)
    ec2.create_flow_logs(
        ResourceIds=[one["vpc"]],
        ResourceType="VPC",
        TrafficType="ALL",
        LogGroupName=GROUP,
        DeliverLogsPermissionArn=role,
        MaxAggregationInterval=60,
    )

    def managed():
        found = ssm.describe_instance_information()["InstanceInformationList"]
        return len(found) == 2

    wait_for("the agents of both instances", managed)
    private, public = addresses(two["instance"])
    assert "0 received" in ping(one["instance"], private)
    assert "5 received" in ping(one["instance"], public)

    request = ec2.create_vpc_peering_connection(VpcId=one["vpc"], PeerVpcId=two["vpc"])
    peering = request["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    ec2.get_waiter("vpc_peering_connection_exists").wait(VpcPeeringConnectionIds=[peering])
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering)

    def active():
        found = ec2.describe_vpc_peering_connections(VpcPeeringConnectionIds=[peering])
        return found["VpcPeeringConnections"][0]["Status"]["Code"] == "active"

    wait_for("the peering connection", active)
    for own, other in ((one, two), (two, one)):
        ec2.create_route(
            RouteTableId=own["table"], DestinationCidrBlock=other["cidr"], VpcPeeringConnectionId=peering
        )
    assert "5 received" in ping(one["instance"], private)

    own = addresses(one["instance"])[0]

    def recorded():
        pages = logs.get_paginator("filter_log_events").paginate(
            logGroupName=GROUP, filterPattern=f'"{private} {own}"'
        )
        return [event for page in pages for event in page["events"]]

    wait_for("the record of the answers", recorded)
    now = int(time.time()) + 10 * 86_400
    query = logs.start_query(
        logGroupName=GROUP,
        startTime=now - 20 * 86_400,
        endTime=now,
        queryString="stats sum(bytes) as bytesTransferred by srcAddr, dstAddr | sort bytesTransferred desc | limit 10",
    )["queryId"]

    def complete():
        found = logs.get_query_results(queryId=query)
        return found["results"] if found["status"] == "Complete" else None

    assert wait_for("the rows of the query", complete)


def read():
    calls = {
        "ec2": [
            "describe_vpcs",
            "describe_subnets",
            "describe_route_tables",
            "describe_internet_gateways",
            "describe_network_acls",
            "describe_security_groups",
            "describe_security_group_rules",
            "describe_network_interfaces",
            "describe_instances",
            "describe_vpc_peering_connections",
            "describe_flow_logs",
            "describe_tags",
        ],
        "iam": ["list_roles", "list_instance_profiles"],
        "logs": ["describe_log_groups"],
    }
    found = {}
    for service, operations in calls.items():
        client = boto3.client(service)
        for operation in operations:
            if client.can_paginate(operation):
                answer = client.get_paginator(operation).paginate().build_full_result()
            else:
                answer = getattr(client, operation)()
            answer.pop("ResponseMetadata", None)
            found[f"{service} {operation.replace('_', '-')}"] = answer
    print(json.dumps(found, default=lambda moment: moment.isoformat()))


read() if sys.argv[1:] == ["read"] else build()
