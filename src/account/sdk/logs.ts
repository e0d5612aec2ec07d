export * from '@aws-sdk/client-cloudwatch-logs';
