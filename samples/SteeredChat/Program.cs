using System.Text;
using SteeredChat;

// Models speak UTF-8, whatever the console's code page is.
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
return await ChatCommand.RunAsync(args);
