using Steward.Host;

return await Commands.Run(args);
