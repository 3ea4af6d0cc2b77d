// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRevision;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.kit.JsonOption;
import org.xenolith.command.kit.ShownName;
import org.xenolith.machine.control.LiveChange;
import org.xenolith.machine.control.LiveChange.Change;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code install}: bundles of others for each run from now on. They are tried in this process first: what doesn't start here is refused. */
@Command(name = "install", mixinStandardHelpOptions = true,
    description = {
        "Has a bundle, or the bundles of a feature, in each run from now on; one of the same name is replaced, under running machines, too.",
        "They are kept in $XENOLITH_BUNDLES, else $XDG_DATA_HOME/xenolith/bundles, else ~/.local/share/xenolith/bundles, and run with your"
            + " rights: install what you trust. A signed jar whose signature is broken is refused, and so is one that isn't signed by who signed"
            + " the one that it replaces; whether somebody vouches for a signer isn't looked at."})
final class InstallCommand implements Runnable {
  private final LiveChange change;
  private final BundleContext context;
  private final UserBundles bundles;

  @Spec
  CommandSpec spec;

  @Parameters(paramLabel = "FEATURE|JAR", description = "A jar file; with --from the name of a feature or a bundle.")
  String what;

  @Option(names = "--from", paramLabel = "REPOSITORY",
      description = "A folder with the bundle and what it needs: a Maven repository, a p2 repository, or jars.")
  Path from;

  @Mixin
  JsonOption json;

  /** The answer as JSON. @param folder where they are kept */
  private record Answer(String folder, List<Kept> bundles) {
    /** @param replaced the version in whose place it is; null if there was none */
    record Kept(String name, String version, String replaced, String signature) {}
  }

  InstallCommand(LiveChange change, BundleContext context, UserBundles bundles) {
    this.change = change;
    this.context = context;
    this.bundles = bundles;
  }

  @Override
  public void run() {
    List<BundleFile> wanted = wanted();
    wanted.forEach(bundle -> requireImports(bundle, wanted));
    List<Answer.Kept> kept = wanted.stream().map(this::tried).toList();
    PrintWriter out = spec.commandLine().getOut();
    for (int i = 0; i < wanted.size(); i++) {
      try {
        bundles.keep(wanted.get(i));
      } catch (IOException e) {
        throw new BadInput("install: '" + ShownName.of(bundles.folder()) + "': " + HostReason.of(bundles.folder(), e).text());
      }
      if (!json.asked()) {
        out.println(line(kept.get(i)));
      }
    }
    if (json.asked()) {
      JsonOption.print(out, "install", 1, new Answer(ShownName.of(bundles.folder()), kept));
    }
    out.flush();
  }

  private String line(Answer.Kept bundle) {
    return bundle.name() + " " + bundle.version() + ": installed in " + ShownName.of(bundles.folder()) + (bundle.replaced() == null ? ""
        : ", in the place of " + bundle.replaced()) + "; " + bundle.signature();
  }

  private List<BundleFile> wanted() {
    try {
      if (from != null) {
        return new BundleRepository(from).needed(what, this::isThere);
      }
      Path jar = Path.of(what);
      if (!Files.exists(jar)) {
        throw new BadInput("install '" + ShownName.of(what) + "': no such file; name a feature or a bundle of a repository with --from");
      }
      PluginJar.symbolicName(jar);
      return List.of(BundleFile.of(jar));
    } catch (IOException e) {
      Path place = from == null ? Path.of(what) : from;
      throw new BadInput("install '" + ShownName.of(what) + "': " + HostReason.of(place, e).text());
    }
  }

  private boolean isThere(String name, VersionRange range) {
    return Stream.of(context.getBundles()).map(bundle -> bundle.adapt(BundleRevision.class)).filter(revision -> revision != null).flatMap(
        revision -> revision.getDeclaredCapabilities(PackageNamespace.PACKAGE_NAMESPACE).stream()).anyMatch(capability -> name.equals(
            capability
                .getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE)) && range.includes((Version) capability.getAttributes()
                    .getOrDefault(
                        PackageNamespace.CAPABILITY_VERSION_ATTRIBUTE, Version.emptyVersion)));
  }

  /** @param all what comes along */
  private void requireImports(BundleFile bundle, List<BundleFile> all) {
    List<String> missing = bundle.imports().entrySet().stream().filter(each -> !each.getKey().startsWith("java.")).filter(each -> !isThere(
        each
            .getKey(), each.getValue())).filter(each -> all.stream().noneMatch(other -> other.exports().containsKey(each.getKey()) && each
                .getValue()
                .includes(other.exports().get(each.getKey())))).map(each -> ShownName.of(each.getKey()) + " " + each.getValue()).toList();
    if (!missing.isEmpty()) {
      throw new BadInput("install '" + ShownName.of(bundle.jar()) + "': it imports " + String.join(", ", missing)
          + ", which no bundle here exports" + (from == null ? "; --from names a folder that has it" : "") + ". Nothing was installed");
    }
  }

  /** Starts it here. @return what to tell of it once it is kept */
  private Answer.Kept tried(BundleFile bundle) {
    try {
      PluginJar.symbolicName(bundle.jar()); // refuses it, if it must be
      String signer = JarSignature.signer(bundle.jar());
      BundleFile before = bundles.installed(bundle.name()).orElse(null);
      String earlier = before == null ? "" : JarSignature.signer(before.jar());
      if (!earlier.isEmpty() && !earlier.equals(signer)) {
        throw new IOException("refused: " + (signer.isEmpty() ? "it isn't signed" : "it is signed by " + ShownName.of(signer))
            + ", and what it replaces is signed by "
            + ShownName.of(earlier) + ". Whoever trusts it all the same uninstalls that first: xenolith uninstall " + bundle.name());
      }
      try (InputStream in = Files.newInputStream(bundle.jar())) {
        Change done = change.installed(bundle.name()) ? change.replace(bundle.name(), in) : change.add(in);
        if (!done.done()) {
          throw new IOException(done.reason().strip().replaceAll(":?\\s*\\R\\s*", "; "));
        }
      }
      return new Answer.Kept(bundle.name(), bundle.version().toString(), before == null ? null : before.version().toString(), signer
          .isEmpty() ? "not signed" : "signed by " + ShownName.of(signer) + ", for whom nobody was asked");
    } catch (IOException e) {
      throw new BadInput("install '" + ShownName.of(bundle.jar()) + "': " + HostReason.of(bundle.jar(), e).text()
          + ". Nothing was installed");
    }
  }
}
