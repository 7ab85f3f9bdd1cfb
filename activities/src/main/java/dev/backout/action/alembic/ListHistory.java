package dev.backout.action.alembic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.TextOrSecret;
import dev.backout.action.alembic.AlembicProject.Where;
import dev.backout.action.program.In;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says which revisions a project has. */
@ActionInfo(
    name = "alembic.history",
    summary = "Say which Alembic revisions a project has, newest first",
    description =
        "Reads the project's files and asks no database: so it also says which revision a release ends at, run in that release's image.",
    repeatable = Repeatable.READ_ONLY,
    because = "It only reads.")
public final class ListHistory implements Action<ListHistory.Input, ListHistory.Output> {

  public record Input(
      @Doc(Texts.IN) @Nullable In in,
      @Doc(Texts.DIRECTORY) @Nullable Path directory,
      @Doc(value = Texts.CONFIG, defaultValue = "alembic.ini") Path config,
      @Doc(value = Texts.PYTHON, defaultValue = "python3") String python,
      @Doc(value = Texts.ENVIRONMENT, defaultValue = "{}") Map<String, TextOrSecret> environment,
      @Doc(value = "How many, at most.", defaultValue = "50") int most,
      @Doc(value = Texts.QUESTION, defaultValue = "1m") Duration timeout) {

    Where where() {
      return new Where(in, directory, config, python, environment);
    }
  }

  public record Output(
      @Doc("The newest ones: more than one where two lines were never merged.") List<String> heads,
      @Doc("The revisions, newest first.") List<Listed> revisions) {}

  public record Listed(
      @Doc("The revision.") String revision,
      @Doc("Those that it comes after.") List<String> down,
      @Doc("What its author says that it does.") String doc,
      @Doc("Its file, where the project lives.") String file) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    JsonNode json =
        AlembicProject.at(input.where(), context).history(input.most(), input.timeout());
    return new Output(
        AlembicProject.texts(json.path("heads")),
        AlembicProject.list(json.path("revisions"), ListHistory::listed));
  }

  private static Listed listed(JsonNode json) {
    return new Listed(
        json.path("revision").asText(),
        AlembicProject.texts(json.path("down")),
        json.path("doc").asText(),
        json.path("file").asText());
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    Output output = run(input, context);
    List<String> rows = new ArrayList<>(List.of("revision\tafter\twhat"));
    for (Listed each : output.revisions()) {
      rows.add(each.revision() + "\t" + State.print(each.down()) + "\t" + each.doc());
    }
    return new Preview(
        "The files end at " + State.print(output.heads()),
        false,
        List.of(new Detail(Preview.Kind.TABLE, "Revisions", rows)),
        output);
  }
}
