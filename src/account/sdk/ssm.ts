export * from '@aws-sdk/client-ssm';
