using System.Net.Sockets;
using System.Security.Authentication;
using Amazon.Runtime;
using Azure;
using Microsoft.Data.Sqlite;
using Npgsql;
using Steward.Outside;
using Steward.Storage;

namespace Steward.Data.Connections;

/// <summary>What the errors of client libraries mean, said once, without anything secret in it.</summary>
internal static class Trouble
{
    /// <summary>Null for what is not about the connection: that is our mistake, and flies.</summary>
    public static ProblemException? Explain(Exception error, string connection, ConnectionPlan plan, Secrets secrets)
    {
        var problem = Of(error, connection, plan);
        return problem is null ? null : new(problem.Kind, problem.Code, secrets.Redact(problem.Message, plan.Secrets), problem.Try is null ? null : secrets.Redact(problem.Try, plan.Secrets));
    }

    /// <summary>Whether the same may work a moment later.</summary>
    public static bool MayPass(Exception error) => !FullDisk.Is(error) && error is ProblemException { Kind: ProblemKind.Unavailable } or IOException or HttpRequestException or TimeoutException
        or AmazonServiceException { StatusCode: >= System.Net.HttpStatusCode.InternalServerError } or RequestFailedException { Status: 0 or >= 500 };

    private static ProblemException? Of(Exception error, string connection, ConnectionPlan plan) => Within(error) switch
    {
        ProblemException problem => problem,
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => Failed($"There is no machine of the name that '{connection}' leads to.", "Check the address for a mistake in writing."),
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => Failed($"Nothing answers where '{connection}' leads ({plan.Where}).", "Check the port, and whether the server runs."),
        SocketException lost => Failed($"The way to '{connection}' is broken: {lost.SocketErrorCode}.", "Try again; then check the network."),
        AuthenticationException => Failed($"The certificate of '{connection}' is not trusted.", plan.Kind is ConnectionKind.Postgres ? "Install its authority on the server; tls: require encrypts without looking at the certificate." : "Install its authority on the server."),
        PostgresException sql => Of(sql, connection, plan),
        AmazonServiceException s3 => Of(s3, connection, plan),
        RequestFailedException azure => Of(azure, connection, plan),
        SqliteException sqlite => Of(sqlite, connection, plan),
        NpgsqlException { Message: var words } when words.Contains("SSL", StringComparison.Ordinal) => Failed($"The database behind '{connection}' offers no encrypted connection.", "tls: off, where you trust the network between."),
        NpgsqlException => Failed($"The connection to '{connection}' broke.", "Try again; then look at the server."),
        UnauthorizedAccessException => new(ProblemKind.Denied, "connection_denied", $"The server's user may not do this in '{connection}'.", "Give the user that runs Steward the right to it."),
        DirectoryNotFoundException => ProblemException.NotFound("folder", plan.Where, "Make the folder on the server."),
        IOException full when FullDisk.Is(full) => new(ProblemKind.DiskFull, "disk_full", $"The disk of '{connection}' is full; nothing half was left there.", "Free some space there, then try again."),
        HttpRequestException or HttpIOException or TimeoutException or TaskCanceledException { InnerException: TimeoutException } => Failed($"The connection to '{connection}' was cut, or it did not answer in time.", "Try again: what was copied before stays."),
        AmazonClientException => Failed($"'{connection}' cannot be used: {First(error.Message)}", "Check url, region and bucket."),
        AggregateException => Failed($"'{connection}' did not answer.", "Check its address, and whether the server runs."),
        _ => null,
    };

    /// <summary>The error that says most: libraries wrap what really happened.</summary>
    private static Exception Within(Exception error)
    {
        for (var at = error; at is not null; at = at.InnerException)
            if (at is ProblemException or SocketException or AuthenticationException or PostgresException)
                return at;
        return error;
    }

    private static ProblemException Of(AmazonServiceException s3, string connection, ConnectionPlan plan) => s3.ErrorCode switch
    {
        "NoSuchBucket" => ProblemException.NotFound("bucket", plan.Bucket!, "Make the bucket, or correct its name."),
        "InvalidAccessKeyId" => Denied($"The bucket's server does not know the access key of '{connection}'.", "Check access_key."),
        "SignatureDoesNotMatch" => Denied($"The secret key of '{connection}' is not the one of its access key.", "Check the variable that secret_key names; the server reads it at its start."),
        "PermanentRedirect" or "AuthorizationHeaderMalformed" => ProblemException.Invalid("connection_failed", $"The bucket '{plan.Bucket}' is in another region.", "Correct region."),
        "AccessDenied" => Denied($"'{connection}' may not do this in the bucket '{plan.Bucket}'.", "Ask who owns the bucket for the right to list, read or write."),
        _ when (int)s3.StatusCode is 401 or 403 => Denied($"The bucket's server refused '{connection}' ({s3.ErrorCode}).", "Check access_key and secret_key, and the clock of this server."),
        _ => Failed($"The bucket's server answered {(int)s3.StatusCode} {s3.ErrorCode}.", "Try again later."),
    };

    private static ProblemException Of(RequestFailedException azure, string connection, ConnectionPlan plan) => azure.ErrorCode switch
    {
        "ContainerNotFound" => ProblemException.NotFound("container", plan.Container ?? plan.Where, "Make the container, or correct its name."),
        "AuthenticationFailed" or "AuthorizationFailure" or "InvalidAuthenticationInfo" or "NoAuthenticationInformation" or "PublicAccessNotPermitted" or "AuthorizationPermissionMismatch" => Denied($"The storage account refused '{connection}' ({azure.ErrorCode}).", "Check account, account_key or sas: the signature may be of another account, or its time may be over."),
        _ when azure.Status is 401 or 403 => Denied($"The storage account refused '{connection}' ({azure.ErrorCode ?? azure.Status.ToString(System.Globalization.CultureInfo.InvariantCulture)}).", "Check account, account_key or sas."),
        _ => Failed($"The storage account answered {(azure.Status == 0 ? "nothing" : $"{azure.Status} {azure.ErrorCode}")}.", "Try again later."),
    };

    private static ProblemException Of(PostgresException sql, string connection, ConnectionPlan plan) => sql.SqlState switch
    {
        "28P01" or "28000" => Denied($"The database refused the user '{plan.User}'.", "Check user, and the variable that password names."),
        "3D000" => ProblemException.NotFound("database", plan.Database!, "Correct its name, or make it."),
        "42501" => Denied($"The user '{plan.User}' may not do this in the database: {First(sql.MessageText)}.", "Ask who owns the database for the right."),
        "42P01" => ProblemException.NotFound("table", Names.Shorten(sql.MessageText.Split('"').ElementAtOrDefault(1)), $"steward connect tables {connection} shows them."),
        "25006" => ProblemException.Invalid("query_writes", "A query of a connection only reads, and this one writes.", "Write by a step that says what it writes."),
        "57014" or "55P03" => Failed("The database gave up waiting.", "Try again later, or ask for less."),
        "53300" => Failed("The database has no connection left for us.", "Try again later."),
        var state when state.StartsWith("42", StringComparison.Ordinal) || state.StartsWith("22", StringComparison.Ordinal) => ProblemException.Invalid("query_invalid", $"The database does not take this query: {First(sql.MessageText)}.", "Correct the query."),
        var state when state.StartsWith("23", StringComparison.Ordinal) => ProblemException.Conflict("rows_refused", $"The table refuses these rows: {First(sql.MessageText)}.", "Look at the table's keys and constraints; nothing was written."),
        _ => Failed($"The database says: {First(sql.MessageText)} ({sql.SqlState}).", "Try again later."),
    };

    private static ProblemException Of(SqliteException sqlite, string connection, ConnectionPlan plan) => sqlite.SqliteErrorCode switch
    {
        5 or 6 => Failed($"Another program holds the database of '{connection}'.", "Try again when it is done."),
        8 => FileStores.ReadOnly("This database"),
        14 => ProblemException.NotFound("database", Names.Shorten(plan.Path), "Check the path, and that the server's user may read it."),
        19 => ProblemException.Conflict("rows_refused", "The table refuses these rows: a key is there twice, or a value is missing.", "Look at the table's keys; nothing was written."),
        26 => ProblemException.Invalid("database_invalid", $"The file of '{connection}' is not a SQLite database.", "Name another file."),
        _ => ProblemException.Invalid("query_invalid", $"The database does not take this: {First(sqlite.Message)}", "Correct the query."),
    };

    private static ProblemException Denied(string why, string tryThis) => new(ProblemKind.Denied, "connection_denied", why, tryThis);

    private static ProblemException Failed(string why, string tryThis) => new(ProblemKind.Unavailable, "connection_failed", why, tryThis);

    private static string First(string text) => Names.Shorten(text.Split('\n')[0], 200);
}
