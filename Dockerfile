# A worker: `docker build -t backout-worker .`
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /source
COPY . .
RUN mvn -q -B -ntp -Dquick -Dmaven.test.skip -pl worker -am package dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=/lib-all \
 && mkdir -p /opt/backout/lib \
 && cp /lib-all/*.jar worker/target/worker-*.jar /opt/backout/lib/

FROM eclipse-temurin:17-jre
COPY --from=build /opt/backout /opt/backout
# Not root: whoever runs a worker decides what it may reach.
RUN mkdir -p -m 700 /var/lib/backout && chown 10001:10001 /var/lib/backout && mkdir -p /etc/backout
USER 10001:10001
ENV XDG_STATE_HOME=/var/lib XDG_CONFIG_HOME=/etc
ENTRYPOINT ["java", "-XX:+UseSerialGC", "-cp", "/opt/backout/lib/*", "dev.backout.cli.Backout"]
