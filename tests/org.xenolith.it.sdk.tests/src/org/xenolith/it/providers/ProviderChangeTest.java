// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.providers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every provider of the product, changed by the commands of its OSGi shell: the service goes and comes, the rest stays. */
@Tag("full")
class ProviderChangeTest {
  private static final String OTHER = "9.9.9";
  private static final long MOST_SECONDS = 240;
  private static final Pattern ANSWER = Pattern.compile(".*(machines stood still|not done: ).*");
  private static final String PROPERTY = "xenolith.it.version";
  private static final Pattern OTHERS = Pattern.compile("(?m)^\\s*" + Pattern.quote(PROPERTY + "<String> = " + OTHER) + "$");
  private static final Pattern BEGIN = Pattern.compile("(<scr:component\\s[^>]*name=\"([^\"]+)\"[^>]*>)");
  private static final Pattern COMPONENT = Pattern.compile("(org\\.xenolith\\.\\S+) in bundle .* enabled, 1 instance\\.");

  @TempDir
  Path folder;

  @Test
  void everyProviderCanBeRemovedAddedAndReplaced() throws Exception {
    List<String> commands = new ArrayList<>(List.of("scr:list"));
    List<String> expected = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (String provider : providers()) {
      Path jar = jar(provider);
      commands.add("xenolith:remove " + provider);
      expected.add("removed " + provider + " 1\\.0\\.0.*");
      commands.add("xenolith:replace " + provider + " " + jar);
      expected.add("not done: .*not installed.*");
      commands.add("xenolith:add " + jar);
      expected.add("added " + provider + " 1\\.0\\.0.*");
      commands.add("xenolith:add " + jar);
      expected.add("not done: .*installed already.*");
      commands.add("xenolith:replace " + provider + " " + otherVersion(jar, others));
      expected.add("replaced " + provider + " 1\\.0\\.0\\S* by " + Pattern.quote(OTHER) + ".*");
    }
    commands.add("echo AFTERWARDS");
    commands.add("scr:list");
    commands.add("echo PROPERTIES");
    others.forEach(component -> commands.add("scr:info " + component));
    String output = shell(commands);

    List<String> answers = output.lines().filter(ANSWER.asMatchPredicate()).map(line -> line.replaceFirst("^(g! )+", "")).toList();
    for (int i = 0; i < Math.min(expected.size(), answers.size()); i++) {
      assertTrue(answers.get(i).matches(expected.get(i)), "expected " + expected.get(i) + ", got " + answers.get(i));
    }
    assertEquals(expected.size(), answers.size(), output);
    int afterwards = output.indexOf("AFTERWARDS");
    int properties = output.indexOf("PROPERTIES");
    assertEquals(components(output.substring(0, afterwards)), components(output.substring(afterwards, properties)));
    assertTrue(others.size() >= providers().size(), others::toString);
    assertEquals(2L * others.size(), OTHERS.matcher(output.substring(properties)).results().count(),
        "descriptions and configurations that say that they are the other version's\n" + output);
    assertFalse(output.contains("UNSATISFIED"), output);
  }

  /** The bundles that say what changing them live means; that all providers do, the reference page's test sees to. */
  private static List<String> providers() throws IOException {
    List<String> providers = new ArrayList<>();
    try (Stream<Path> folders = Files.list(root().resolve("bundles"))) {
      for (Path bundle : folders.sorted().toList()) {
        Path readme = bundle.resolve("README.md");
        if (Files.exists(readme) && Files.readString(readme).contains("## Live change")) {
          providers.add(bundle.getFileName().toString());
        }
      }
    }
    assertTrue(providers.size() > 10, "only these providers: " + providers);
    return providers;
  }

  private static Path jar(String bundle) throws IOException {
    try (Stream<Path> jars = Files.list(root().resolve("product/target/xenolith/plugins"))) {
      return jars.filter(jar -> jar.getFileName().toString().startsWith(bundle + "-")).findFirst()
          .orElseThrow(() -> new AssertionError(bundle + " is not in the product"));
    }
  }

  /** A version whose components have a property more, so that what is offered can be told from what was. */
  private Path otherVersion(Path jar, List<String> components) throws IOException {
    Path copy = folder.resolve(jar.getFileName());
    try (JarFile from = new JarFile(jar.toFile())) {
      Manifest manifest = from.getManifest();
      manifest.getMainAttributes().put(new Attributes.Name("Bundle-Version"), OTHER);
      try (JarOutputStream to = new JarOutputStream(Files.newOutputStream(copy), manifest)) {
        for (ZipEntry entry : Collections.list(from.entries())) {
          if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
            to.putNextEntry(new ZipEntry(entry.getName()));
            byte[] content = from.getInputStream(entry).readAllBytes();
            if (entry.getName().matches("OSGI-INF/.*\\.xml")) {
              String xml = new String(content, StandardCharsets.UTF_8);
              content = BEGIN.matcher(xml).replaceFirst("$1<property name=\"" + PROPERTY + "\" value=\"" + OTHER + "\"/>")
                  .getBytes(StandardCharsets.UTF_8);
              Matcher begin = BEGIN.matcher(xml);
              assertTrue(begin.find(), xml);
              components.add(begin.group(2));
            }
            to.write(content);
          }
        }
      }
    }
    return copy;
  }

  private static List<String> components(String listing) {
    return listing.lines().map(COMPONENT::matcher).filter(Matcher::find).map(line -> line.group(1)).sorted().toList();
  }

  private String shell(List<String> commands) throws IOException, InterruptedException {
    Path input = Files.write(folder.resolve("commands"), commands);
    Path output = folder.resolve("output");
    ProcessBuilder builder = new ProcessBuilder(root().resolve("xenolith").toString(), "shell")
        .redirectInput(input.toFile()).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("XENOLITH_NO_BUILD", "1");
    Process process = builder.start();
    boolean ended = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
    assertTrue(ended, "the shell did not end\n" + text);
    assertEquals(0, process.exitValue(), text);
    return text;
  }

  private static Path root() {
    String root = System.getProperty("xenolith.root");
    if (root == null) {
      throw new IllegalStateException("The system property xenolith.root does not name the checkout");
    }
    return Path.of(root);
  }
}
