// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.List;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.kit.JsonOption;
import org.xenolith.command.kit.ShownName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What is done with bundles that were installed for each run. They aren't started for it: one that hinders every start can be uninstalled. */
final class UserBundlesCommands {
  private final UserBundles bundles;

  UserBundlesCommands(UserBundles bundles) {
    this.bundles = bundles;
  }

  /** The answer of {@code list} as JSON. */
  private record Listed(String folder, List<Kept> bundles) {
    record Kept(String name, String version, String signature, String file) {}
  }

  /** The answer of {@code uninstall} as JSON. @param removed the bundle's version: the answer has one of its own */
  private record Removed(String name, String removed) {}

  /** {@code list}. */
  @Command(name = "list", mixinStandardHelpOptions = true,
      description = "Lists the bundles that 'install' keeps for each run: name, version, who signed it, file.")
  final class Listing implements Runnable {
    @Spec
    CommandSpec spec;

    @Mixin
    JsonOption json;

    @Override
    public void run() {
      PrintWriter out = spec.commandLine().getOut();
      List<Listed.Kept> kept;
      try {
        kept = bundles.all().stream().map(bundle -> new Listed.Kept(ShownName.of(bundle.name()), bundle.version().toString(), signed(
            bundle),
            ShownName.of(bundle.jar()))).toList();
      } catch (IOException e) {
        throw failed(e);
      }
      if (json.asked()) {
        JsonOption.print(out, "list", 1, new Listed(ShownName.of(bundles.folder()), kept));
        return;
      }
      kept.forEach(each -> out.println(each.name() + " " + each.version() + "  " + each.signature() + "  " + each.file()));
      out.flush();
      if (kept.isEmpty()) {
        spec.commandLine().getErr().println("xenolith: nothing is installed in " + ShownName.of(bundles.folder()));
        spec.commandLine().getErr().flush();
      }
    }

    private static String signed(BundleFile bundle) {
      try {
        String signer = JarSignature.signer(bundle.jar());
        return signer.isEmpty() ? "not signed" : "signed by " + ShownName.of(signer);
      } catch (IOException e) {
        return HostReason.of(bundle.jar(), e).text();
      }
    }
  }

  /** {@code uninstall}. */
  @Command(name = "uninstall", mixinStandardHelpOptions = true,
      description = "Takes a bundle away that 'install' keeps for each run; machines that run lose it at once.")
  final class Removal implements Runnable {
    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "Its symbolic name, as 'list' says it.")
    String name;

    @Mixin
    JsonOption json;

    @Override
    public void run() {
      try {
        BundleFile bundle = bundles.installed(name).orElseThrow(() -> new BadInput("uninstall: '" + ShownName.of(name)
            + "' isn't installed in "
            + ShownName.of(bundles.folder()) + "; 'xenolith list' says what is"));
        Files.delete(bundle.jar());
        PrintWriter out = spec.commandLine().getOut();
        if (json.asked()) {
          JsonOption.print(out, "uninstall", 1, new Removed(ShownName.of(bundle.name()), bundle.version().toString()));
          return;
        }
        out.println(bundle.name() + " " + bundle.version() + ": uninstalled");
        out.flush();
      } catch (IOException e) {
        throw failed(e);
      }
    }
  }

  private BadInput failed(IOException e) {
    return new BadInput("'" + ShownName.of(bundles.folder()) + "': " + HostReason.of(bundles.folder(), e).text());
  }
}
