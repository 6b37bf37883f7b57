# BackOffice as a small image without a shell, run by an ordinary user. docker-compose.yml runs it beside PostgreSQL.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
# The letters of payslips as PDF.
RUN apt-get update && apt-get install -y --no-install-recommends fonts-dejavu-core
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src/ src/
RUN dotnet publish src/Ledger.Api -c Release -o /app -p:RestoreLockedMode=true -p:UseAppHost=false && mkdir /data

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra
WORKDIR /app
COPY --from=build /app ./
COPY --from=build /usr/share/fonts/truetype/dejavu /usr/share/fonts/truetype/dejavu
# The owner's key is kept here; a volume that is mounted over it takes over the owner of the folder.
COPY --from=build --chown=1654:1654 /data /data
VOLUME /data
ENV Urls=http://+:5080 Data=/data ASPNETCORE_CONTENTROOT=/app
EXPOSE 5080
USER 1654
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s --retries=3 CMD ["dotnet", "backoffice.dll", "health"]
ENTRYPOINT ["dotnet", "backoffice.dll"]
