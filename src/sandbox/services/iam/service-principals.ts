/**
 * Which services a trust policy can name. AWS publishes no whole list of them, so one that is not known here may be there
 * all the same: what is refused is the slip of a finger, a name that is almost that of a service.
 */
import { editDistance } from '../../../lib/nearest.ts';

/**
 * Names without `.amazonaws.com`: from the user guides of the services ("Service-linked roles", "Service roles"), from
 * AWS's managed policies, and from what others saw IAM take. More than IAM takes does no harm: it only is not refused.
 */
const NAMES = `
  access-analyzer account acm acm-pca aiops airflow airflow-env airflow-serverless amplify amplifybackend amplifyuibuilder
  aoss apidestinations.events apigateway app-integrations appconfig appfabric appflow application-autoscaling
  application-cost-profiler application-insights application-signals.cloudwatch application-transformation appmesh apprunner
  appstream appstream.application-autoscaling appsync aps arc-region-switch arc-zonal-shift artifact athena auditmanager
  automation autoscaling autoscaling-plans aws-artifact-account-sync b2bi backup backup-gateway batch bcm-data-exports bedrock
  bedrock-agentcore billing billingconductor billingreports braket budgets bugbust build.apprunner cassandra
  cassandra.application-autoscaling ce channels.lex channels.lexv2 chatbot chime cleanrooms cleanrooms-ml cloud9 clouddirectory
  cloudformation cloudfront cloudhsm cloudhsmv2 cloudsearch cloudtrail cloudwatch cloudwatch-crossaccount codeartifact
  codebuild codecatalyst codecatalyst-runner codecommit codeconnections codedeploy codeguru-profiler codeguru-reviewer
  codeguru-security codepipeline codestar codestar-connections codestar-notifications cognito-identity cognito-idp
  cognito-sync comprehend comprehend.application-autoscaling comprehendmedical compute-optimizer config config-conforms
  config-multiaccountsetup connect connect-campaigns contact-lens continuousexport.discovery contributorinsights.dynamodb
  controltower cost-optimization-hub.bcm costalerts credentials.iot cur custom-resource.application-autoscaling custom.rds
  databrew dataexchange datapipeline datasync datazone dax deadline deepcomposer deeplens deepracer delivery.logs detective
  devicefarm devops-guru directconnect directquery.opensearchservice discovery dlm dms dmsintegration.migrationhub
  docdb-elastic drs ds dsql dynamodb dynamodb.application-autoscaling ebs ec2 ec2-images ec2-instance-connect
  ec2.application-autoscaling ec2.capacitymanager ec2fastlaunch ec2fleet ec2messages ec2scheduled ecr ecr-public ecs
  ecs-compute ecs-tasks ecs.application-autoscaling edgelambda eks eks-auth eks-connector eks-fargate eks-fargate-pods
  eks-nodegroup elasticache elasticache.application-autoscaling elasticbeanstalk elasticfilesystem elasticloadbalancing
  elasticmapreduce elastictranscoder email.cognito-idp emr-containers emr-serverless entityresolution es
  event-processor.health events events.managedservices events.workmail evidently evs finspace firehose fis fms forecast
  frauddetector freertos fsx gamelift gameliftstreams geo glacier globalaccelerator glue grafana greengrass groundstation
  guardduty health healthlake honeycode iam identity.nimble imagebuilder importexport inspector inspector2 internetmonitor iot
  iotanalytics iotdeviceadvisor iotevents iotfleetwise iotmanagedintegrations iotroborunner iotsitewise iotthingsgraph
  iottwinmaker iotwireless ipam ivs ivschat ivsrealtime job.sagemaker kafka kafka.application-autoscaling kafkaconnect kendra
  kinesis kinesisanalytics kinesisreplication.dynamodb kinesisvideo kms lakeformation lambda lambda.application-autoscaling
  launchwizard lex lexv2 license-management.marketplace license-manager license-manager-linux-subscriptions
  license-manager-user-subscriptions license-manager.member-account lightsail location logger.cloudfront logs lookoutequipment
  lookoutmetrics lookoutvision m2 machinelearning macie macie2 maintenance.elasticbeanstalk malware-protection-plan.guardduty
  malware-protection.guardduty managedblockchain managedservices managedupdates.elasticbeanstalk marketplace mediaconnect
  mediaconvert medialive mediapackage mediapackagev2 mediastore mediatailor medical-imaging meetings.chime
  member.org.stacksets.cloudformation memorydb metering-marketplace mgn migrationhub migrationhub-orchestrator
  migrationhub-strategy mobileanalytics mobilehub mobiletargeting monitoring monitoring.rds monitron mpa mq mwaa neptune
  neptune-graph neptune.application-autoscaling network-firewall networkflowmonitor networkinsights networkmanager
  networkmonitor nimble notifications oam observability.aoss observabilityadmin odb omics opensearch opensearchservice
  ops.apigateway ops.emr-serverless opsworks opsworks-cm organizations orgsdatasync.servicecatalog osis outposts panorama
  payment-cryptography pca-connector-ad pcs personalize pinpoint pipes pods.eks polly practice-run.arc-zonal-shift pricing
  private-marketplace.marketplace profile proton purchaseorders q qapps qbusiness qldb quicksight ram rbin rds rds-data
  rds-preview rds.application-autoscaling reachabilityanalyzer.networkinsights redshift redshift-data redshift-serverless
  refactor-spaces rekognition remediation.config replication.cassandra replication.dynamodb replication.ecr replicator.lambda
  reporting.trustedadvisor repostspace resiliencehub resource-explorer-2 resource-groups restore-testing.backup robomaker
  rolesanywhere route53 route53-recovery-control-config route53-recovery-readiness route53domains route53profiles
  route53resolver rum s3 s3-object-lambda s3-outposts s3.data-source.lustre.fsx s3express s3tables s3vectors sagemaker
  sagemaker-geospatial sagemaker.application-autoscaling savingsplans scheduler schemas scn scraper.aps sdb secretsmanager
  security-ir securityhub securitylake serverlessrepo servicecatalog servicecatalog-appregistry servicediscovery servicequotas
  ses shield signer signin simspaceweaver sms sms-voice smsintegration.migrationhub snowball sns social-messaging spot
  spotfleet sqlworkbench sqs ssm ssm-contacts ssm-guiconnect ssm-incidents ssm-quicksetup ssm-sap ssm.integrations
  ssmmessages sso stacksets.cloudformation states storage-lens.s3 storagegateway streams.metrics.cloudwatch sts support
  supportapp supportplans swf sync.proton synthetics tagpolicies.tag tasks.apprunner textract thinclient
  thirdparty.config timestream timestream-influxdb tnb transcribe transfer transitgateway translate triage.security-ir
  trustedadvisor tts verified-access verifiedpermissions vmie voiceid vpc-flow-logs vpc-lattice vpce vpcorigin.cloudfront waf
  waf-regional wafv2 wam wellarchitected wisdom workdocs worklink workmail workspaces workspaces-instances workspaces-web
  workspaces.application-autoscaling xray`;

const known = NAMES.trim().split(/\s+/);

/** Some services take their principal with a Region before the domain, such as `logs.us-east-1.amazonaws.com`. */
const NAME = /^(.+?)(?:\.[a-z]{2}(?:-[a-z]+)+-\d)?\.amazonaws\.com(?:\.cn)?$/;

/** A long name has room for two slips; a short one with two letters changed may well be another service. */
const SHORT_NAME = 6;

/** Whether this is almost the name of a service, but of none. */
export function isMistypedService(principal: string): boolean {
  const [, name] = NAME.exec(principal.toLowerCase()) ?? [];
  if (name === undefined || known.includes(name)) return false;
  const slips = name.replace(/\..*/, '').length < SHORT_NAME ? 1 : 2;
  return known.some((each) => editDistance(name, each) <= slips);
}
