using System.Security.Cryptography.X509Certificates;

namespace Steward.Oci;

/// <summary>How a registry is spoken to.</summary>
public sealed record RegistryOptions
{
    /// <summary>Finds user and password (or token) for a host; null for none.</summary>
    public Func<string, RegistrySignIn?> SignIn { get; init; } = _ => null;

    /// <summary>Whether to speak without TLS; when nobody says, only to this machine.</summary>
    public bool? Plain { get; init; }

    /// <summary>Trusts certificates of these authorities besides those the system trusts.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>How often a request that failed for now is tried, altogether.</summary>
    public int Tries { get; init; } = 5;

    /// <summary>The first pause; each one is twice the one before, and up to as long again by chance.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>A reply, or a part of one, that takes longer counts as failed.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>Largest blob that is fetched.</summary>
    public long MostBytes { get; init; } = 32L << 30;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public Random Chance { get; init; } = Random.Shared;
}

/// <param name="Bearer">The password is a token for the header itself, and not to be sent as Basic.</param>
public sealed record RegistrySignIn(string User, string Password, bool Bearer = false)
{
    internal string Basic => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{User}:{Password}"));

    /// <summary>Not shown by accident.</summary>
    public override string ToString() => User;
}
