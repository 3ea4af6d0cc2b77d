package org.xenolith.launch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Reads the jars of one labelled location of a target definition. */
final class TargetLocation {

    private TargetLocation() {}

    /** A jar by its Maven coordinates. */
    record Jar(String groupId, String artifactId, String version) {
        /** Where a local Maven repository keeps it. */
        Path in(Path repository) {
            return repository.resolve(groupId.replace('.', '/')).resolve(artifactId).resolve(version)
                    .resolve(artifactId + "-" + version + ".jar");
        }
    }

    /** The jars of the location with this label, in file order. */
    static List<Jar> read(Path target, String label) throws IOException {
        Document document;
        try {
            document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(target.toFile());
        } catch (SAXException | ParserConfigurationException e) {
            throw new IOException(target + ": " + e.getMessage(), e);
        }
        List<Jar> jars = new ArrayList<>();
        NodeList locations = document.getElementsByTagName("location");
        for (int i = 0; i < locations.getLength(); i++) {
            Element location = (Element) locations.item(i);
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

    private static String text(Element element, String tag) {
        return element.getElementsByTagName(tag).item(0).getTextContent().strip();
    }
}
