using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Data;
using Steward.Host.Templates.Fruit;
using Steward.Identity;
using Steward.Models;
using Steward.Packaging.Tests.Images;
using Steward.Testing;

namespace Steward.Packaging.Tests.Ci;

/// <summary>A whole server, and folders of projects beside it in which the built program runs.</summary>
public sealed class Yard : TestHost
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A project's folder: small trainings, one gate, one party with one person.</summary>
    internal static Tools Folder(string project, string gate = "0.01", string more = "")
    {
        var tools = new Tools();
        File.WriteAllText(tools.At("steward.yaml"), $$"""
            steward: 1
            project: {{project}}
            train: {filters: 8, copies: 0, tunes: [{name: one, l2: 0.1, epochs: 2}]}
            gates:
              - {metric: test.f1_macro, op: ">=", value: {{gate}}}
            signoff:
              parties: [{party: ops, approvers: [dev], need: 1}]
            {{more}}

            """);
        return tools;
    }

    /// <summary>Drawn pictures: of each ten 6 to train, 2 to valid, 2 to test.</summary>
    public async Task Pictures(string project, int count = 160)
    {
        var pictures = FruitPictures.Many(5, FruitPictures.KnownStyles, 0, count);
        var blobs = await Services.GetRequiredService<IBlobs>().PutMany([.. pictures.Select(picture => (ReadOnlyMemory<byte>)picture.Png)], Stop);
        await Services.GetRequiredService<IDataSets>().Add(Who.Steward, project, "pictures", new(Reason.Import,
            [.. pictures.Select((picture, i) => new Item($"{picture.Label}/{i:0000}.png", blobs[i].Digest, picture.Label, (i / FruitPictures.Kinds.Count % 10) switch { < 6 => Split.Train, < 8 => Split.Valid, _ => Split.Test }, picture.Style))]), Stop);
    }

    /// <summary>Runs the stages as a person would, and reads what was said.</summary>
    internal CiTold Run(Tools tools, params string[] words)
    {
        var (exit, said) = tools.Try("steward", ["ci", "run", "--json", "--url", Url, .. words]);
        return new(exit, said.Split('\n').FirstOrDefault(line => line.StartsWith('{')) is { } json ? JsonNode.Parse(json)! : throw new InvalidOperationException(said));
    }

    /// <summary>The person who is asked says yes, with a key of their own.</summary>
    public async Task Approve(string project, int number)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var db = Services.GetRequiredService<Storage.Db>();
        await db.Run("INSERT INTO person (id, name, created_at) VALUES ('dev', 'dev', 0) ON CONFLICT DO NOTHING", new { }, Stop);
        await db.Run("INSERT INTO person_key (hint, person, name, pem, created_at) VALUES (@hint, 'dev', @hint, @pem, 0)", new { hint = PersonKey.HintOf(key), pem = PersonKey.PemOf(key) }, Stop);
        var signOffs = Services.GetRequiredService<ISignOffs>();
        var dev = new Who("dev", "dev", new Dictionary<string, IReadOnlySet<Role>> { [project] = new HashSet<Role> { Role.Approver } });
        var statement = await signOffs.Draft(dev, project, number, "ops", Decision.Approve, "seen", Stop);
        await signOffs.Vote(dev, project, number, Dsse.Sign(Dsse.InToto, statement.Bytes(), key), Stop);
    }
}

/// <summary>What <c>steward ci run --json</c> said.</summary>
internal sealed record CiTold(int Exit, JsonNode Said)
{
    /// <summary>Every stage with what became of it: <c>lint done</c>.</summary>
    public IEnumerable<string> Stages => Said["stages"]!.AsArray().Select(stage => $"{stage!["stage"]} {stage["state"]}");

    public string Of(string stage) => $"{Said["stages"]!.AsArray().First(one => one!["stage"]!.GetValue<string>() == stage)!["said"]}";
}
