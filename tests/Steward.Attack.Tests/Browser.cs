using System.Net;
using System.Text.RegularExpressions;

namespace Steward.Attack.Tests;

/// <summary>As much of a browser as forms need: cookies, hidden fields, an Origin with every post.</summary>
public sealed class Browser(string url) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(url) };

    public async Task SignIn(string user, string password = Town.Password)
    {
        using var reply = await Submit("/sign-in", "sign-in", new() { ["User"] = user, ["Password"] = password });
        Assert.Equal(HttpStatusCode.Redirect, reply.StatusCode);
    }

    public async Task<HttpStatusCode> Status(string path)
    {
        using var reply = await _http.GetAsync(path, TestContext.Current.CancellationToken);
        return reply.StatusCode;
    }

    public Task<string> Page(string path) => _http.GetStringAsync(path, TestContext.Current.CancellationToken);

    /// <summary>Opens the page and sends its form; <paramref name="token"/> false leaves the form token away.</summary>
    public async Task<HttpResponseMessage> Submit(string path, string form, Dictionary<string, string> fields, string? origin = null, bool token = true)
    {
        var page = await Page(path);
        var hidden = Regex.Match(page, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"", RegexOptions.NonBacktracking).Groups[1].Value;
        Assert.NotEmpty(hidden);
        fields["_handler"] = form;
        if (token)
            fields["__RequestVerificationToken"] = WebUtility.HtmlDecode(hidden);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) };
        request.Headers.Add("Origin", origin ?? url.TrimEnd('/'));
        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public void Dispose() => _http.Dispose();
}
