// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the build downloads is of a fixed version and checked. */
class SupplyTest {
  private static final Pattern PLUGIN = Pattern.compile("(?s)<plugin>(.*?)(?:<executions>|<configuration>|<dependencies>|</plugin>)");
  private static final Pattern ARTIFACT = Pattern.compile("<artifactId>(.*?)</artifactId>");
  private static final Pattern VERSION = Pattern.compile("<version>(.*?)</version>");

  /** Maven's life cycles of jars and poms, and those of Tycho's bundles, bring these along (Maven, "Introduction to the Lifecycle"). */
  private static final List<String> IMPLICIT = List.of("clean", "resources", "compiler", "surefire", "jar", "install", "deploy", "site");

  private static List<Path> files(String name) throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(Checkout.root(), new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
        String folderName = folder.getFileName().toString();
        return folderName.equals("target") || folderName.equals("dist") || folderName.equals(".git") ? FileVisitResult.SKIP_SUBTREE
            : FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        // Pomless builds leave poms of their own making, whose names begin with a dot.
        if (file.getFileName().toString().endsWith(name) && !file.getFileName().toString().matches("\\..*pom\\.xml")) {
          found.add(file);
        }
        return FileVisitResult.CONTINUE;
      }
    });
    return found;
  }

  /** The plugins of a text that have a version there. */
  private static List<String> versioned(String text) {
    return PLUGIN.matcher(text).results().filter(plugin -> VERSION.matcher(plugin.group(1)).find())
        .map(plugin -> ARTIFACT.matcher(plugin.group(1))).filter(Matcher::find).map(artifact -> artifact.group(1)).toList();
  }

  @Test
  void everyPluginOfTheBuildHasAVersionThoseToThatAreNotNamed() throws IOException {
    String root = Files.readString(Checkout.root().resolve("pom.xml"));
    String management = root.substring(root.indexOf("<pluginManagement>"), root.indexOf("</pluginManagement>"));
    Set<String> implicit = new HashSet<>(versioned(management));
    for (String name : IMPLICIT) {
      assertTrue(implicit.contains("maven-" + name + "-plugin"), "pom.xml: no version for the maven-" + name + "-plugin");
    }
    Set<String> pinned = new HashSet<>(versioned(root));
    List<String> open = new ArrayList<>();
    List<Path> poms = files("pom.xml").stream().filter(file -> !file.toString().contains("/templates/")).toList();
    assertTrue(poms.size() > 4, poms::toString);
    for (Path pom : poms) {
      PLUGIN.matcher(Files.readString(pom)).results().forEach(plugin -> {
        Matcher artifact = ARTIFACT.matcher(plugin.group(1));
        if (artifact.find() && !VERSION.matcher(plugin.group(1)).find() && !pinned.contains(artifact.group(1))) {
          open.add(Checkout.root().relativize(pom) + ": " + artifact.group(1));
        }
      });
    }
    assertEquals(List.of(), open, "plugins whose version Maven chooses");
  }

  @Test
  void everyVersionIsOneAndFinal() throws IOException {
    List<String> moving = new ArrayList<>();
    List<Path> all = new ArrayList<>(files("pom.xml"));
    all.addAll(files(".target"));
    all.add(Checkout.root().resolve(".mvn/extensions.xml"));
    for (Path file : all) {
      VERSION.matcher(Files.readString(file)).results().map(version -> version.group(1))
          // @KITS@: that of the test kit here, which ./xenolith new fills in.
          .filter(version -> !version.matches("\\d[\\w.-]*|\\$\\{[a-z.]+\\}|@KITS@") || version.endsWith("-SNAPSHOT") && !version.equals(
              "1.0.0-SNAPSHOT"))
          .forEach(version -> moving.add(Checkout.root().relativize(file) + ": " + version));
    }
    assertEquals(List.of(), moving);
  }

  /** A checksum that is wrong or missing ends a download of Maven's; what scripts fetch has its SHA-512 beside its name. */
  @Test
  void whatIsDownloadedIsChecked() throws IOException {
    List<String> options = Files.readAllLines(Checkout.root().resolve(".mvn/maven.config"));
    assertTrue(options.contains("--strict-checksums"), options::toString);
    List<String> loose = new ArrayList<>();
    for (Path script : files(".sh")) {
      for (String line : Files.readAllLines(script)) {
        String place = Checkout.root().relativize(script) + ": " + line.strip();
        if (line.contains("\"$maven_copy\"") && !line.contains(" -C ")) {
          loose.add(place);
        }
        if (line.matches("\\s*fetch_jar .*") && !line.matches(".*(_sha512|jmh_jars\\[i \\+ 1\\]).*")) {
          loose.add(place);
        }
        if (line.matches("[^#]*\\b(curl|wget|dependency:(copy|get))\\b.*")) {
          loose.add(place);
        }
      }
    }
    assertEquals(List.of(), loose);
  }
}
