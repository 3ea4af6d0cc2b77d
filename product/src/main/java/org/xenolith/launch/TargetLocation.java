// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Reads labelled locations of a target definition. */
public final class TargetLocation {

  private TargetLocation() {}

  /** A jar by its Maven coordinates. */
  public record Jar(String groupId, String artifactId, String version) {
    /** Where a local Maven repository keeps it. */
    public Path in(Path repository) {
      return repository.resolve(groupId.replace('.', '/')).resolve(artifactId).resolve(version)
          .resolve(artifactId + "-" + version + ".jar");
    }
  }

  /** The jars of the location with this label, in file order. */
  public static List<Jar> read(Path target, String label) throws IOException {
    List<Jar> jars = new ArrayList<>();
    for (Element location : locations(target)) {
      if (location.getAttribute("label").equals(label)) {
        NodeList dependencies = location.getElementsByTagName("dependency");
        for (int j = 0; j < dependencies.getLength(); j++) {
          Element dependency = (Element) dependencies.item(j);
          jars.add(new Jar(text(dependency, "groupId"), text(dependency, "artifactId"), text(dependency, "version")));
        }
      }
    }
    if (jars.isEmpty()) {
      throw new IOException(target + ": no location is labelled " + label);
    }
    return jars;
  }

  /** The labels of all locations, in file order. */
  public static List<String> labels(Path target) throws IOException {
    return locations(target).stream().map(location -> location.getAttribute("label")).toList();
  }

  /** How the jars of the location with this label become bundles; empty if they are some. */
  public static String instructions(Path target, String label) throws IOException {
    return locations(target).stream().filter(location -> location.getAttribute("label").equals(label))
        .filter(location -> location.getElementsByTagName("instructions").getLength() > 0)
        .map(location -> text(location, "instructions")).findFirst().orElse("");
  }

  private static List<Element> locations(Path target) throws IOException {
    try {
      NodeList nodes = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(target.toFile())
          .getElementsByTagName("location");
      return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i)).toList();
    } catch (SAXException | ParserConfigurationException e) {
      throw new IOException(target + ": " + e.getMessage(), e);
    }
  }

  private static String text(Element element, String tag) {
    return element.getElementsByTagName(tag).item(0).getTextContent().strip();
  }
}
