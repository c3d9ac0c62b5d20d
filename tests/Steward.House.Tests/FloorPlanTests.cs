using System.Text.RegularExpressions;
using Steward.Host;

namespace Steward.House.Tests;

/// <summary>Who may lean on whom: libraries on nothing, rooms only downward, nobody on the host.</summary>
public class FloorPlanTests
{
    private static readonly string[] Libraries = ["Statistics", "Onnx", "Oci", "Kubernetes", "PgWire", "Drawing", "Tuning"];

    /// <summary>Core and the libraries may always be leant on.</summary>
    private static readonly Dictionary<string, string[]> Plan = new()
    {
        ["Core"] = [],
        ["Engines"] = [],
        ["Data"] = [],
        ["Agents"] = [],
        ["Tracking"] = [],
        ["Training"] = ["Data", "Tracking"],
        ["Models"] = ["Tracking"],
        ["Packaging"] = ["Models", "Tracking"],
        ["Serving"] = ["Models"],
        ["Monitoring"] = ["Serving", "Models"],
        ["Labeling"] = ["Data", "Monitoring"],
        ["Pipelines"] = ["Data", "Training"],
        ["Sql"] = ["Data", "Serving"],
        ["Stories"] = ["Tracking", "Models", "Serving", "Monitoring", "Data", "Packaging"],
    };

    private static IEnumerable<Room> Rooms => Repository.Rooms.Where(room => !Libraries.Contains(room.Name) && room.Name is not ("Host" or "Client"));

    [Fact]
    public void Libraries_lean_on_nothing_of_ours()
        => Assert.All(Repository.Rooms.Where(room => Libraries.Contains(room.Name)), library => Assert.Empty(library.LeansOn));

    [Fact]
    public void Rooms_lean_only_downward() => Assert.All(Rooms, room =>
    {
        Assert.True(Plan.ContainsKey(room.Name), $"{room.Name} has no place in the plan.");
        Assert.Empty(room.LeansOn.Except([.. Libraries, .. room.Name == "Core" ? [] : (string[])["Core"], .. Plan[room.Name]]));
    });

    [Fact]
    public void Nobody_leans_on_the_host() => Assert.DoesNotContain(Repository.Rooms, room => room.LeansOn.Contains("Host"));

    [Fact]
    public void Drivers_of_databases_are_known_to_the_storage_of_Core_and_the_connections_of_Data_alone()
    {
        Assert.Equal(["Core", "Data"], Repository.Rooms.Where(room => room.Packages.Any(package => package is "Npgsql" or "Microsoft.Data.Sqlite")).Select(room => room.Name));
        var users = Repository.Rooms.SelectMany(room => Repository.Texts(room.Folder, ".cs")).Where(file => Regex.IsMatch(file.Text, @"\b(Npgsql|Microsoft\.Data\.Sqlite)\b")).Select(file => file.Path);
        Assert.All(users, path => Assert.Matches("^src/(Steward.Core/Storage|Steward.Data/Connections)/", path));
    }

    [Fact]
    public void A_room_reads_only_its_own_tables()
    {
        var owners = Rooms.SelectMany(room => Repository.Texts(room.Folder, ".sql").SelectMany(file => Regex.Matches(file.Text, @"CREATE TABLE (?:IF NOT EXISTS )?(\w+)")).Select(match => (Table: match.Groups[1].Value, Room: room.Name))).ToDictionary(owner => owner.Table, owner => owner.Room);
        Assert.NotEmpty(owners);
        var trespasses = from room in Rooms
                         from file in Repository.Texts(room.Folder, ".cs", ".razor")
                         from Match match in Regex.Matches(file.Text, @"\b(?:FROM|JOIN|INTO|UPDATE) (\w+)\b")
                         where owners.TryGetValue(match.Groups[1].Value, out var owner) && owner != room.Name
                         select $"{file.Path}: {match.Value}";
        Assert.Empty(trespasses);
    }

    [Fact]
    public void Every_room_has_one_front_door_and_the_host_opens_it()
    {
        Assert.Equal(Rooms.Where(room => room.Name != "Core").Select(room => "Steward." + room.Name).Order(), Platform.Rooms.Select(room => room.Assembly.GetName().Name!).Order());
        Assert.All(Platform.Rooms, room => Assert.Single(room.Assembly.GetTypes(), type => typeof(IRoom).IsAssignableFrom(type)));
        Assert.All(Platform.Rooms, room => Assert.EndsWith(".", room.Purpose, StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_room_says_of_itself_fits_on_a_page() => Assert.All(Repository.Texts(new(Path.Combine(Repository.Root.FullName, "src")), ".md").Where(file => file.Path.EndsWith("README.md", StringComparison.Ordinal)),
        file => Assert.InRange(file.Text.Split('\n').Length, 5, 41));

    [Fact]
    public void Nothing_is_left_to_do_in_the_sources()
        => Assert.Empty(Repository.Texts(new(Path.Combine(Repository.Root.FullName, "src")), ".cs", ".razor", ".js", ".css", ".sql").Where(file => Regex.IsMatch(file.Text, @"\b(TODO|FIXME|HACK|XXX)\b")).Select(file => file.Path));
}
