// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.xenolith.platform.api.PlatformException;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * The elements of a topology file. What EMF would read is read here without EMF: no boot has to load it, and each element knows its
 * line. A file is data: it can't name document types, and no entity or other file is ever fetched.
 */
final class TopologyXml extends DefaultHandler {
  static final String NAMESPACE = "urn:xenolith:platform:1";
  private static final String INSTANCE = "http://www.w3.org/2001/XMLSchema-instance";
  private static final String XMI = "http://www.omg.org/XMI";
  /** Deeper than any tree and what is around it in a variant. */
  private static final int DEEPEST = 80;

  private final Deque<TopologyElement> open = new ArrayDeque<>();
  private TopologyElement outermost;
  private Locator locator;

  private TopologyXml() {}

  /**
   * The outermost element.
   *
   * @throws PlatformException naming file, line, fault and remedy if the file isn't well-formed or no topology
   */
  static TopologyElement read(PlatformFile file) {
    try {
      SAXParserFactory parsers = SAXParserFactory.newDefaultNSInstance();
      parsers.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      TopologyXml handler = new TopologyXml();
      parsers.newSAXParser().parse(new InputSource(new ByteArrayInputStream(file.bytes())), handler);
      return handler.outermost;
    } catch (SAXParseException e) {
      throw new PlatformException(file.file() + " is no topology file: line " + Math.max(1, e.getLineNumber()) + ": "
          + e.getMessage() + remedy(e.getMessage()), e);
    } catch (SAXException | IOException | ParserConfigurationException e) {
      throw new PlatformException(file.file() + " is no topology file: " + e.getMessage() + remedy(""), e);
    }
  }

  private static String remedy(String fault) {
    return fault.contains("; ") ? "" : "; correct that line: each element is ended, each attribute in quotes, < and & are &lt; and &amp;";
  }

  @Override
  public void setDocumentLocator(Locator given) { locator = given; }

  @Override
  public InputSource resolveEntity(String publicId, String systemId) throws SAXException {
    throw new SAXParseException("it refers to another file", locator);
  }

  @Override
  public void startElement(String uri, String local, String qualified, Attributes given) throws SAXException {
    if (open.isEmpty() && !(uri.equals(NAMESPACE) && local.equals("Platform"))) {
      throw new SAXParseException("the outermost element is <" + qualified + "> of '" + uri + "', not <platform:Platform"
          + " xmlns:platform=\"" + NAMESPACE + "\">; begin as 'topology import' does", locator);
    }
    if (open.size() >= DEEPEST) {
      throw new SAXParseException("elements are more than " + DEEPEST + " deep; flatten the tree", locator);
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    String type = "";
    for (int i = 0; i < given.getLength(); i++) {
      if (given.getURI(i).equals(INSTANCE)) {
        String value = given.getValue(i);
        type = given.getLocalName(i).equals("type") ? value.substring(value.indexOf(':') + 1) : type;
      } else if (!given.getURI(i).equals(XMI)) {
        attributes.put(given.getQName(i), given.getValue(i));
      }
    }
    TopologyElement element = new TopologyElement(open.isEmpty() ? "platform:Platform" : qualified, type, locator.getLineNumber(),
        attributes);
    if (open.isEmpty()) {
      outermost = element;
    } else {
      open.peek().children.add(element);
    }
    open.push(element);
  }

  @Override
  public void characters(char[] text, int start, int length) {
    open.peek().text.append(text, start, length);
  }

  @Override
  public void endElement(String uri, String local, String qualified) {
    open.pop();
  }

  @Override
  public void fatalError(SAXParseException fault) throws SAXException {
    throw fault;
  }
}
