// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.xenolith.platform.api.PlatformException;

/**
 * The elements of a topology file. What EMF would read is read here without it: every boot reads a board, and neither EMF nor the JDK's
 * parser must be loaded for that (together 0.2 s of a start); each element knows its line, and a fault what to do about it. It is
 * XML 1.0 as far as such files use it: UTF-8, elements, attributes, text, comments, the predefined entities and numbers of characters.
 * A file is data: it can't name document types, and nothing outside it is ever fetched.
 */
final class TopologyXml {
  static final String NAMESPACE = "urn:xenolith:platform:1";
  private static final String INSTANCE = "http://www.w3.org/2001/XMLSchema-instance";
  private static final String XMI = "http://www.omg.org/XMI";
  private static final String XMLNS = "xmlns:";
  private static final String IMPORT = "'topology import'";
  private static final String QUOTES = "put the value in quotes: NAME=\"VALUE\"";
  private static final Map<String, String> ENTITIES = Map.of("lt", "<", "gt", ">", "amp", "&", "quot", "\"", "apos", "'");
  /** Deeper than any tree and what is around it in a variant. */
  private static final int DEEPEST = 80;

  private final PlatformFile file;
  private final String text;
  private final Map<String, String> spaces = new HashMap<>();
  private final Deque<TopologyElement> open = new ArrayDeque<>();
  private TopologyElement outermost;
  /** The outermost element's name as it is written. */
  private String root = "";
  private int at;
  private int line = 1;

  private TopologyXml(PlatformFile file, String text) {
    this.file = file;
    this.text = text;
  }

  /**
   * The outermost element.
   *
   * @throws PlatformException naming file, line, fault and remedy if the file isn't well-formed or no topology
   */
  static TopologyElement read(PlatformFile file) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(file.bytes())).toString();
      return new TopologyXml(file, text.startsWith("\uFEFF") ? text.substring(1) : text).document();
    } catch (CharacterCodingException e) {
      throw new PlatformException(file.file() + " is no topology file: line 1: it isn't UTF-8; save it in that encoding", e);
    }
  }

  private TopologyElement document() {
    while (at < text.length()) {
      if (text.charAt(at) != '<') {
        text();
      } else if (text.startsWith("<!--", at)) {
        past("-->", "the comment", "end it with -->");
      } else if (text.startsWith("<?", at)) {
        past("?>", "the processing instruction", "end it with ?>");
      } else if (text.startsWith("<!", at)) {
        throw bad("it declares a document type (<!DOCTYPE) or has a section <![CDATA[", "leave that out");
      } else if (text.startsWith("</", at)) {
        end();
      } else {
        begin();
      }
    }
    if (!open.isEmpty()) {
      throw bad("the file ends within <" + open.peek().name + "> of line " + open.peek().line, "end each element, with </" + open
          .peek().name
          + ">");
    }
    if (outermost == null) {
      throw bad("it has no element", "begin as 'topology import' does");
    }
    return outermost;
  }

  private void past(String ending, String what, String remedy) {
    int end = text.indexOf(ending, at);
    if (end < 0) {
      throw bad(what + " has no end", remedy);
    }
    advance(end + ending.length());
  }

  private void advance(int to) {
    for (; at < to; at++) {
      line += text.charAt(at) == '\n' ? 1 : 0;
    }
  }

  private void text() {
    int end = text.indexOf('<', at);
    end = end < 0 ? text.length() : end;
    String raw = text.substring(at, end);
    if (!open.isEmpty()) {
      open.peek().text.append(plain(raw));
    } else if (!raw.isBlank()) {
      throw bad("there is text outside of the outermost element", "remove it, or make it a comment");
    }
    advance(end);
  }

  private void end() {
    int end = text.indexOf('>', at);
    String name = end < 0 ? "" : text.substring(at + 2, end).strip();
    if (open.isEmpty() || !name.equals(open.peek() == outermost ? root : open.peek().name)) {
      throw bad("</" + name + "> ends nothing" + (open.isEmpty() ? "" : "; the element that is open is <" + open.peek().name + "> of line "
          + open.peek().line), "see that each element is ended, the inner before the outer");
    }
    open.pop();
    advance(end + 1);
  }

  private void begin() {
    int began = line;
    int from = ++at;
    while (at < text.length() && isName(text.charAt(at))) {
      at++;
    }
    String name = text.substring(from, at);
    if (at == text.length()) {
      throw bad("the file ends within a tag", "restore what is missing");
    }
    if (name.isEmpty()) {
      throw bad("a < begins no element", "write &lt; for the character itself");
    }
    Map<String, String> written = attributes(name);
    boolean empty = text.startsWith("/>", at);
    advance(at + (empty ? 2 : 1));
    TopologyElement element = element(name, began, written);
    if (open.isEmpty()) {
      outermost = element;
      root = name;
    } else {
      open.peek().children.add(element);
    }
    if (!empty) {
      open.push(element);
    }
    if (open.size() > DEEPEST) {
      throw bad("elements are more than " + DEEPEST + " deep", "flatten the tree");
    }
  }

  /** The attributes up to the end of the tag, as they are written. */
  private Map<String, String> attributes(String element) {
    Map<String, String> attributes = new LinkedHashMap<>();
    while (true) {
      int before = at;
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        advance(at + 1);
      }
      if (text.startsWith("/>", at) || text.startsWith(">", at)) {
        return attributes;
      }
      int from = at;
      while (at < text.length() && isName(text.charAt(at))) {
        at++;
      }
      String name = text.substring(from, at);
      if (at == text.length()) {
        throw bad("the file ends within the tag <" + element + ">", "restore what is missing");
      }
      if (name.isEmpty() || before == from) {
        throw bad("the tag <" + element + "> isn't ended or has '" + text.charAt(at) + "' in it",
            "end it with > or />, with blanks between attributes");
      }
      char quote = at + 1 < text.length() && text.charAt(at) == '=' ? text.charAt(at + 1) : 0;
      if (quote != '"' && quote != '\'') {
        throw bad("the attribute " + name + " of <" + element + "> has no value in quotes", QUOTES);
      }
      int end = text.indexOf(quote, at + 2);
      String value = end < 0 ? "<" : text.substring(at + 2, end);
      if (value.indexOf('<') >= 0) {
        throw bad("the value of the attribute " + name + " of <" + element + "> has no end, or a < in it", QUOTES);
      }
      if (attributes.putIfAbsent(name, plain(value)) != null) {
        throw bad("<" + element + "> has the attribute " + name + " twice", "remove one");
      }
      advance(end + 1);
    }
  }

  private TopologyElement element(String name, int began, Map<String, String> written) {
    if (outermost != null && open.isEmpty()) {
      throw bad("there is a second outermost element, <" + name + ">", "put it into the first");
    }
    if (outermost == null) {
      written.forEach((attribute, value) -> {
        if (attribute.startsWith(XMLNS)) {
          spaces.put(attribute.substring(XMLNS.length()), value);
        }
      });
      int colon = name.indexOf(':');
      String space = colon < 0 ? "" : spaces.getOrDefault(name.substring(0, colon), "");
      if (!space.equals(NAMESPACE) || !name.endsWith(":Platform")) {
        line = began;
        throw bad("the outermost element is <" + name + "> of '" + space + "', not <platform:Platform xmlns:platform=\"" + NAMESPACE
            + "\">",
            "begin as 'topology import' does");
      }
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    String type = "";
    for (Map.Entry<String, String> attribute : written.entrySet()) {
      String key = attribute.getKey();
      int colon = key.indexOf(':');
      String space = colon < 0 ? "" : spaces.getOrDefault(key.substring(0, colon), "");
      if (space.equals(INSTANCE) && key.endsWith(":type")) {
        type = attribute.getValue().substring(attribute.getValue().indexOf(':') + 1);
      } else if (!space.equals(INSTANCE) && !space.equals(XMI) && !(outermost == null && key.startsWith(XMLNS))) {
        attributes.put(key, attribute.getValue());
      }
    }
    return new TopologyElement(outermost == null ? "platform:Platform" : name, type, began, attributes);
  }

  /** A text with its entities put in. */
  private String plain(String raw) {
    int next = raw.indexOf('&');
    if (next < 0) {
      return raw;
    }
    StringBuilder plain = new StringBuilder();
    int from = 0;
    for (; next >= 0; next = raw.indexOf('&', from)) {
      int end = raw.indexOf(';', next);
      String entity = end < 0 ? "" : raw.substring(next + 1, end);
      String value = entity.startsWith("#") ? character(entity) : ENTITIES.get(entity);
      if (value == null) {
        throw bad("&" + entity + " is no character", "write &amp; for the character & itself");
      }
      plain.append(raw, from, next).append(value);
      from = end + 1;
    }
    return plain.append(raw, from, raw.length()).toString();
  }

  private static String character(String entity) {
    boolean hexadecimal = entity.startsWith("#x");
    String digits = entity.substring(hexadecimal ? 2 : 1);
    if (!digits.matches(hexadecimal ? "[0-9a-fA-F]{1,6}" : "[0-9]{1,7}")) {
      return null;
    }
    int code = Integer.parseInt(digits, hexadecimal ? 16 : 10);
    return Character.isValidCodePoint(code) ? Character.toString(code) : null;
  }

  private static boolean isName(char c) {
    return Character.isLetterOrDigit(c) || c == ':' || c == '_' || c == '-' || c == '.';
  }

  private PlatformException bad(String what, String remedy) {
    return new PlatformException(file.file() + " is no topology file: line " + line + ": " + what + "; " + remedy
        + (remedy.contains(IMPORT) ? "" : ", and compare it with what " + IMPORT + " writes"));
  }
}
