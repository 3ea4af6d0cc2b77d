// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.ExitCode;
import org.xenolith.command.kit.JsonOption;
import org.xenolith.hostcode.kit.pages.TranslationFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code cache}: the translated code that is kept between runs. */
@Command(name = "cache", mixinStandardHelpOptions = true,
    description = {"Shows the code that is kept between runs: what guests' instructions were translated to, a file for each guest and CPU.",
        "It is kept in 'translations' in the cache folder, which only its owner may write to. What was used longest ago is deleted when there"
            + " is more than 512 MiB. XENOLITH_JAVA_OPTS=-Dxenolith.translations=off keeps nothing, =DIR keeps it elsewhere."})
final class CacheCommand implements Runnable {
  private final Path path;

  @Spec
  private CommandSpec spec;

  @Mixin
  private JsonOption json;

  /** The answer as JSON. @param used when a file was used last (RFC 3339) */
  private record Listed(String folder, long bytes, List<KeptCode> files) {
    record KeptCode(String name, long bytes, String used) {}
  }

  /** The answer of {@code clear} as JSON. @param folder null if nothing is kept */
  private record Cleared(String folder, int deleted) {}

  /** @param path the folder; null if nothing is kept */
  CacheCommand(Path path) {
    this.path = path;
  }

  @Override
  public void run() {
    list(json);
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the files, one a line: bytes, when it was used last, name.")
  int list(@Mixin JsonOption asJson) {
    PrintWriter out = spec.commandLine().getOut();
    List<TranslationFolder.KeptFile> files = files();
    if (asJson.asked()) {
      List<Listed.KeptCode> kept = files.stream().map(file -> new Listed.KeptCode(file.path().getFileName().toString(), file.size(), file
          .used()
          .truncatedTo(ChronoUnit.SECONDS).toString())).toList();
      JsonOption.print(out, "cache-list", 1, new Listed(path == null ? null : path.toString(), kept.stream().mapToLong(
          Listed.KeptCode::bytes)
          .sum(), kept));
      return ExitCode.DONE;
    }
    long sum = 0;
    for (TranslationFolder.KeptFile file : files) {
      out.printf("%,12d  %s  %s%n", file.size(), file.used().truncatedTo(ChronoUnit.SECONDS), file.path().getFileName());
      sum += file.size();
    }
    out.printf("%,12d  bytes in %d file%s in %s%n", sum, files.size(), files.size() == 1 ? "" : "s", path == null ? "no folder" : path);
    out.flush();
    return ExitCode.DONE;
  }

  @Command(name = "clear", mixinStandardHelpOptions = true, description = "Deletes them all. The next run of each guest translates anew.")
  int clear(@Mixin JsonOption asJson) {
    int deleted = 0;
    try {
      if (path != null) {
        deleted = new TranslationFolder(path, "").clear();
      }
    } catch (IOException e) {
      throw BadInput.of("the folder", path, e);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (asJson.asked()) {
      JsonOption.print(out, "cache-clear", 1, new Cleared(path == null ? null : path.toString(), deleted));
      return ExitCode.DONE;
    }
    out.printf("deleted %d file%s in %s%n", deleted, deleted == 1 ? "" : "s", path == null ? "no folder" : path);
    out.flush();
    return ExitCode.DONE;
  }

  private List<TranslationFolder.KeptFile> files() {
    try {
      return path == null ? List.of() : new TranslationFolder(path, "").files();
    } catch (IOException e) {
      throw BadInput.of("the folder", path, e);
    }
  }
}
