using Microsoft.Extensions.DependencyInjection;
using Steward.Data.Connections;
using Steward.Data.Copying;
using Steward.Projects;
using Steward.Testing;

namespace Steward.Data.Tests.Connections;

/// <summary>What a person types about connections and copies.</summary>
[Collection(OfTheConsole)]
public sealed class ConnectVerbTests() : Connected
{
    [Fact]
    public async Task A_connection_is_added_tested_listed_and_used()
    {
        await Project("shop", "title: Shop # the first\n");
        var (from, to) = (TestFolder.New(), TestFolder.New());
        Write(from, "orders/1.csv", [1, 2, 3]);
        Assert.Equal(0, (await Typed("connect", "add", "from", "folder", $"path={from}")).Exit);
        Assert.Equal(0, (await Typed("connect", "add", "to", "folder", $"path={to}")).Exit);
        Assert.Contains("title: Shop # the first", (await Services.GetRequiredService<IProjects>().Get("shop", Stop)).File.Text, StringComparison.Ordinal);
        var tested = await Typed("connect", "test", "from", "--json");
        Assert.True(Json.Read<ConnectionResult>(tested.Said).Ok);
        Assert.Equal(["from", "to"], Json.Read<List<ConnectionView>>((await Typed("connect", "list", "--json")).Said).Select(one => one.Name));
        Assert.Equal("orders/1.csv", Json.Read<List<StoredFile>>((await Typed("connect", "files", "from", "--json")).Said).Single().Name);
        var copied = await Typed("copy", "from:orders/", "to:in/", "--json");
        Assert.Equal(0, copied.Exit);
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(Path.Combine(to, "in/1.csv"), Stop));
    }

    [Fact]
    public async Task What_is_wrong_is_said_with_one_thing_to_try_and_exit_code_1()
    {
        await Connect(("gone", Folder("/srv/not-there")), ("cloud", "kind: s3, bucket: sales, access_key: AKIA, secret_key: \"secret://missing\""), ("wrong", Azure(await AzureWith()).Replace("secret://container", "secret://wrong", StringComparison.Ordinal)), ("unknown", S3(NodeServer.S3("sales")).Replace("S3RVER", "NOBODY", StringComparison.Ordinal)), ("closed", "kind: postgres, host: 127.0.0.1, port: 1, user: x, database: x, tls: off"));
        foreach (var (name, code) in new[] { ("gone", "folder_not_found"), ("cloud", "secret_not_found"), ("wrong", "connection_denied"), ("unknown", "connection_denied"), ("closed", "connection_failed") })
        {
            var (exit, said) = await Typed("connect", "test", name, "--json");
            var result = Json.Read<ConnectionResult>(said);
            Assert.Equal((1, code), (exit, result.Code));
            Assert.NotNull(result.Try);
        }

        Assert.Equal(["STEWARD_SECRET_MISSING"], Json.Read<List<ConnectionView>>((await Typed("connect", "list", "--json")).Said).Single(one => one.Name == "cloud").Missing);
        Assert.Equal("connection_there", await Refused(() => Typed("connect", "add", "gone", "folder", "path=/tmp")));
        Assert.Equal("project_file_invalid", await Refused(() => Typed("connect", "add", "other", "s3", "bucket=x", "access_key=a", "secret_key=written")));
        Assert.Equal("connection_not_found", await Refused(() => Typed("copy", "none:", "gone:")));
        Assert.Equal("place_invalid", await Refused(() => Typed("copy", "/etc/passwd", "gone:")));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("500", 500L)]
    [InlineData("1.5KiB", 1536L)]
    [InlineData("10MiB", 10L << 20)]
    public void A_bandwidth_is_written_as_people_do(string? said, long? bytes) => Assert.Equal(bytes, CopyOrder.Bytes(said));
}
