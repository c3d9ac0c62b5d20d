using System.CommandLine;
using Steward.Cli;

namespace Steward.Host.Verbs;

internal static class RoomsVerb
{
    public static Command Tree()
    {
        var rooms = new Command("rooms", "The rooms of this house and what each is for.");
        rooms.SetAction(line => Show.List(line, [.. Platform.Rooms.Select(room => new { room.Name, room.Purpose })], "This house is empty.",
            ("room", room => room.Name), ("what it is for", room => room.Purpose)));
        return rooms;
    }
}
