export * from '@aws-sdk/client-ec2';
