// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.scenario;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** What {@code run --junit} wrote. */
record JunitXml(Element root) {
  static JunitXml read(Path file) {
    try {
      return new JunitXml(DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile()).getDocumentElement());
    } catch (IOException | SAXException | ParserConfigurationException e) {
      throw new AssertionError(file + ": " + e.getMessage(), e);
    }
  }

  /** Names of the suites. */
  List<String> suites() {
    return elements("testsuite").stream().map(suite -> suite.getAttribute("name")).toList();
  }

  /** The digest at the end of a scenario. */
  String digest(String suite) {
    Element found = elements("testsuite").stream().filter(s -> s.getAttribute("name").equals(suite)).findFirst().orElseThrow();
    return list(found.getElementsByTagName("property")).stream().filter(p -> p.getAttribute("name").equals("digest"))
        .map(p -> p.getAttribute("value")).findFirst().orElseThrow();
  }

  /** All elements of a name. */
  List<Element> elements(String name) {
    return list(root.getElementsByTagName(name));
  }

  private static List<Element> list(NodeList nodes) {
    List<Element> all = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      all.add((Element) nodes.item(i));
    }
    return all;
  }
}
