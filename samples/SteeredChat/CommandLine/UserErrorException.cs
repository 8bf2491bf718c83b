namespace SteeredChat;

/// <summary>Something the user asked for cannot be done. The message says why, in one line.</summary>
internal sealed class UserErrorException(string message, Exception? innerException = null) : Exception(message, innerException);
