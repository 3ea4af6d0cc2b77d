// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * A component as its bundle describes it (OSGi Declarative Services, chapter 112: {@code OSGI-INF/*.xml}).
 *
 * @param implementation class name
 * @param interfaces     names of the services that it provides
 * @param properties     values by property
 */
public record InstalledComponent(String implementation, Set<String> interfaces, Map<String, List<String>> properties) {
  /** All components of the jars on the class path, by class name. */
  public static List<InstalledComponent> all() {
    List<InstalledComponent> found = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(java.io.File.pathSeparator)) {
      if (entry.endsWith(".jar")) {
        read(Path.of(entry), found);
      }
    }
    found.sort(Comparator.comparing(InstalledComponent::implementation));
    return found;
  }

  private static void read(Path file, List<InstalledComponent> found) {
    try (JarFile jar = new JarFile(file.toFile())) {
      for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        if (entry.getName().startsWith("OSGI-INF/") && entry.getName().endsWith(".xml")) {
          try (InputStream content = jar.getInputStream(entry)) {
            found.add(parse(DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(content)));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    } catch (SAXException | ParserConfigurationException e) {
      throw new IllegalStateException(file + ": " + e.getMessage(), e);
    }
  }

  private static InstalledComponent parse(Document document) {
    Set<String> interfaces = new TreeSet<>();
    elements(document, "provide").forEach(e -> interfaces.add(e.getAttribute("interface")));
    Map<String, List<String>> properties = new TreeMap<>();
    for (Element property : elements(document, "property")) {
      List<String> values = property.hasAttribute("value") ? List.of(property.getAttribute("value"))
          : Arrays.stream(property.getTextContent().split("\n")).map(String::strip).filter(v -> !v.isEmpty()).toList();
      properties.put(property.getAttribute("name"), values);
    }
    return new InstalledComponent(elements(document, "implementation").getFirst().getAttribute("class"), interfaces, properties);
  }

  private static List<Element> elements(Document document, String name) {
    NodeList nodes = document.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  private static Object absent(Class<?> service) {
    if (!service.isInterface()) {
      return made(service);
    }
    return Proxy.newProxyInstance(service.getClassLoader(), new Class<?>[] {service}, (self, method, arguments) -> {
      throw new IllegalStateException(service.getName() + " isn't there without OSGi");
    });
  }

  /** Whether it provides a service. */
  public boolean provides(Class<?> service) {
    return interfaces.contains(service.getName());
  }

  /** Makes an object of it. The services that it refers to aren't there: it must do without, or fails when it calls one. */
  public <T> T make(Class<T> service) {
    try {
      return service.cast(made(Class.forName(implementation)));
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(implementation + " can't be made without OSGi: " + e, e);
    }
  }

  /** By the constructor that asks for the least. */
  private static Object made(Class<?> type) {
    try {
      Constructor<?> constructor = Arrays.stream(type.getConstructors()).min(Comparator.comparingInt(Constructor::getParameterCount))
          .orElseThrow(() -> new NoSuchMethodException(type.getName() + ", a public constructor"));
      return constructor.newInstance(Arrays.stream(constructor.getParameterTypes()).map(InstalledComponent::absent).toArray());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type.getName() + " can't be made without OSGi: " + e, e);
    }
  }
}
