// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What {@code sdk repository} makes is whole: each artifact with its parts, their checksums, and whatever it depends on. */
@ResourceLock(CommandRun.REPOSITORY)
class MavenRepositoryTest {
  @TempDir
  Path folder;

  @Test
  void eachArtifactIsWholeAndWhatItNeedsOfOursIsThere() throws Exception {
    new CommandRun(folder).xenolith(0, "sdk", "repository", "--without-javadoc");
    Path group = GuideRun.root().resolve("dist/repository/org/xenolith");
    List<Path> models;
    try (Stream<Path> files = Files.walk(group)) {
      models = files.filter(file -> file.toString().endsWith(".pom")).toList();
    }
    assertTrue(models.size() > 70, models.toString());
    List<String> wrong = new ArrayList<>();
    for (Path model : models) {
      Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(model.toFile());
      String stem = model.toString().replaceFirst("\\.pom$", "");
      boolean bom = text(document.getDocumentElement(), "packaging").equals("pom");
      for (String kind : bom ? List.of(".pom") : List.of(".pom", ".jar", "-sources.jar")) {
        checksum(Path.of(stem + kind), wrong);
      }
      checksum(model.resolveSibling("maven-metadata.xml"), wrong);
      NodeList dependencies = document.getElementsByTagName("dependency");
      for (int i = 0; i < dependencies.getLength(); i++) {
        Element each = (Element) dependencies.item(i);
        if (text(each, "groupId").equals("org.xenolith") && !Files.exists(group.resolve(text(each, "artifactId")).resolve(text(each,
            "version")))) {
          wrong.add(model.getFileName() + " needs " + text(each, "artifactId") + " " + text(each, "version"));
        }
      }
      if (!text(document.getDocumentElement(), "licenses").contains("EPL-2.0")) {
        wrong.add(model.getFileName() + " names no licence");
      }
    }
    assertEquals(List.of(), wrong);
  }

  /** Versions in the templates of projects are those that the repository has. */
  @Test
  void whatNewProjectsNameIsThere() throws Exception {
    new CommandRun(folder).xenolith(0, "sdk", "repository", "--without-javadoc");
    Path templates = GuideRun.root().resolve("dist/sdk/templates");
    List<String> wrong = new ArrayList<>();
    for (String file : List.of("build-maven/pom.xml", "build-pde/pom.xml", "build-pde/NAME.target")) {
      Matcher named = Pattern.compile("<artifactId>(org\\.xenolith\\.[^<]+)</artifactId>\\s*<version>([^<]+)</version>").matcher(Files
          .readString(
              templates.resolve(file)));
      assertTrue(named.find(), file);
      do {
        if (!Files.exists(GuideRun.root().resolve("dist/repository/org/xenolith").resolve(named.group(1)).resolve(named.group(2)))) {
          wrong.add(file + " names " + named.group());
        }
      } while (named.find());
    }
    assertEquals(List.of(), wrong);
  }

  private static String text(Element of, String name) {
    NodeList found = of.getElementsByTagName(name);
    return found.getLength() == 0 ? "" : found.item(0).getTextContent();
  }

  private static void checksum(Path file, List<String> wrong) throws Exception {
    if (!Files.exists(file)) {
      wrong.add(file + " is missing");
      return;
    }
    try (InputStream in = Files.newInputStream(file)) {
      String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(in.readAllBytes()));
      if (!sum.equals(Files.readString(file.resolveSibling(file.getFileName() + ".sha1")))) {
        wrong.add(file + " has another checksum");
      }
    }
  }
}
