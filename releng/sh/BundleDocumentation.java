
// SPDX-License-Identifier: EPL-2.0
import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the documentation of bundles, a jar for each, out of their sources; what isn't written well enough is the build's to complain of. */
final class BundleDocumentation {
  private static final ToolProvider JAVADOC = ToolProvider.findFirst("javadoc").orElseThrow();
  private static final ToolProvider JAR = ToolProvider.findFirst("jar").orElseThrow();
  private final String path;

  BundleDocumentation(List<RepositoryBundle> ours, List<MavenPart> others) {
    path = Stream.concat(ours.stream().map(RepositoryBundle::jar), others.stream().map(MavenPart::jar)).map(Path::toString).collect(
        Collectors.joining(
            File.pathSeparator));
  }

  /** The jar with a bundle's documentation. */
  byte[] of(RepositoryBundle bundle, Path sources) throws Exception {
    Path work = Files.createTempDirectory("javadoc");
    try {
      Path from = Files.createDirectory(work.resolve("sources"));
      run(JAR, "--extract", "--file", sources.toString(), "--dir", from.toString());
      Path pages = work.resolve("pages");
      Path jar = work.resolve("javadoc.jar");
      String[] fixed = {"-quiet", "-notimestamp", "-Xdoclint:none", "--release", "25", "-encoding", "UTF-8", "-charset", "UTF-8",
          "-windowtitle",
          bundle.title(), "-sourcepath", from.toString(), "-classpath", path, "-d", pages.toString()};
      run(JAVADOC, Stream.concat(Stream.of(fixed), bundle.exports().stream()).toArray(String[]::new));
      run(JAR, "--create", "--no-manifest", "--file", jar.toString(), "-C", pages.toString(), ".");
      return Files.readAllBytes(jar);
    } finally {
      try (Stream<Path> all = Files.walk(work)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }

  private static void run(ToolProvider tool, String... words) {
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    if (tool.run(out, out, words) != 0) {
      throw new IllegalStateException(tool.name() + ": " + said);
    }
  }
}
