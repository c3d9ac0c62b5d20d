@echo off
rem Builds Steward when it has not been built, then runs it: steward demo
setlocal
set "here=%~dp0"
set "program=%here%artifacts\bin\Steward.Host\release\steward.exe"
where dotnet >nul 2>nul || (echo Steward needs the .NET 10 SDK ^(dotnet^) to build itself. 1>&2 & exit /b 1)
dotnet build "%here%src\Steward.Host" -c Release -v q -nologo 1>&2 || exit /b 1
"%program%" %*
exit /b %errorlevel%
