using Steward.Models;
using Steward.Packaging.Kubernetes;

namespace Steward.Packaging.Tests.Kubernetes;

/// <summary>Versions and plans that are the same on every machine.</summary>
internal static class Plans
{
    public static readonly DateTimeOffset Now = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    public static ModelVersion Version(int number, string run = "run-7", string data = "pictures@3", string? code = "4f2a9c1")
        => new($"id-{number}", "shop", "fruit", number, run, data, Digest.Of($"model {number}"), new Dictionary<string, Digest>(), new Dictionary<string, double>(), Signature.Empty, code, [],
            new(Digest.Of($"seal {number}"), Digest.Of("policy")), new Stage.GatesPassed(), "erin", Now, Now);

    public static DeployedVersion Deployed(int number, bool asVolume = false, ModelVersion? version = null)
        => new(version ?? Version(number), $"registry.example.com/ml/fruit@sha256:{Digest.Of($"image {number}").Hex}", asVolume ? $"registry.example.com/ml/fruit-model@sha256:{Digest.Of($"model image {number}").Hex}" : null, 3_000_000);

    public static ManifestPlan Plan(string name) => name switch
    {
        "canary" => Of(ManifestForm.Canary) with { Stable = Deployed(3) },
        "kserve" => Of(ManifestForm.Kserve),
        "model-volume" => Of(ManifestForm.Deployment) with { Version = Deployed(4, asVolume: true) },
        "settings" => Of(ManifestForm.Deployment) with { Settings = new() { Namespace = "ml", Replicas = [3], Cpu = "500m-2", Memory = "256Mi-1Gi", Callers = ["shop", "ingress-nginx"], PullSecret = "registry", TokenSecret = "fruit-token" } },
        _ => Of(ManifestForm.Deployment),
    };

    public static ManifestPlan Of(ManifestForm form, string endpoint = "fruit") => new(form, "shop", endpoint, Deployed(4), null, 20, new(), 8080, 10001);

    public static SignOff SignOff(string name = "erin", string party = "ops") => new("s", "shop", 7, "fruit", 4, Digest.Of("model 4"), Digest.Of("seal 4"), Digest.Of("policy"), new() { Parties = [new() { Party = party }] },
        "u-1", "ana", Now, Now.AddDays(3), null, [new("u-2", name, party, Decision.Approve, "fine", Now, "key", "{}")]);
}
