
// SPDX-License-Identifier: EPL-2.0
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.ext.heading.anchor.IdGenerator;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** Turns pages into HTML, with links that lead to pages of the site; notes links that lead nowhere. */
final class Rendering {
  private final Pages pages;
  private final Parser parser = Parser.builder().extensions(List.of(TablesExtension.create())).build();
  private final HtmlRenderer renderer = HtmlRenderer.builder().extensions(List.of(TablesExtension.create(), HeadingAnchorExtension
      .create())).build();
  private final Map<String, Set<String>> anchors = new HashMap<>();
  private final List<String> problems = new ArrayList<>();

  /** A heading with the anchor that leads to it. */
  record Place(int level, String anchor, String text) {
  }

  /** A page's HTML without what is around it. */
  record Rendered(String title, List<Place> headings, String html) {
  }

  Rendering(Pages pages) {
    this.pages = pages;
  }

  /** The page as HTML. */
  Rendered of(Page page) {
    Node document = parser.parse(page.markdown());
    List<Place> headings = headings(document);
    document.accept(new AbstractVisitor() {
      @Override
      public void visit(Link link) {
        follow(page, link);
        visitChildren(link);
      }

      @Override
      public void visit(Image image) {
        image.setDestination(leadTo(page, image.getDestination()));
      }
    });
    String title = headings.isEmpty() ? page.source() : headings.getFirst().text();
    return new Rendered(title, headings, renderer.render(document));
  }

  /** What was found: a line for each link that leads nowhere, with its page. */
  List<String> problems() {
    return problems;
  }

  private static List<Place> headings(Node document) {
    List<Place> headings = new ArrayList<>();
    IdGenerator ids = IdGenerator.builder().build();
    document.accept(new AbstractVisitor() {
      @Override
      public void visit(Heading heading) {
        String text = text(heading);
        headings.add(new Place(heading.getLevel(), ids.generateId(text), text));
      }
    });
    return headings;
  }

  private static String text(Node node) {
    StringBuilder text = new StringBuilder();
    node.accept(new AbstractVisitor() {
      @Override
      public void visit(Text words) {
        text.append(words.getLiteral());
      }

      @Override
      public void visit(Code code) {
        text.append(code.getLiteral());
      }

      @Override
      public void visit(SoftLineBreak end) {
        text.append(' ');
      }
    });
    return text.toString();
  }

  /** Gives a link the place in the site that it means; the words of one to a folder that has no page stay without it. */
  private void follow(Page page, Link link) {
    String place = leadTo(page, link.getDestination());
    if (place != null) {
      link.setDestination(place);
      return;
    }
    for (Node child = link.getFirstChild(); child != null;) {
      Node next = child.getNext();
      link.insertBefore(child);
      child = next;
    }
    link.unlink();
  }

  private String leadTo(Page page, String destination) {
    if (destination.matches("[a-z]+:.*")) {
      return destination;
    }
    int hash = destination.indexOf('#');
    String path = hash < 0 ? destination : destination.substring(0, hash);
    String anchor = hash < 0 ? "" : destination.substring(hash + 1);
    if (path.endsWith(".html")) {
      return made(page, destination, path);
    }
    Path folder = Path.of("/" + page.source()).getParent();
    String target = path.isEmpty() ? page.source() : folder.resolve(path).normalize().toString().substring(1);
    Page other = pages.of(target);
    if (other != null) {
      if (!anchor.isEmpty() && !anchors(other).contains(anchor)) {
        problems.add(page.source() + ": " + destination + ": no heading of " + other.source() + " has this anchor");
      }
      return relative(page, other.place()) + (anchor.isEmpty() ? "" : "#" + anchor);
    }
    String file = pages.attach(target);
    if (file != null) {
      return relative(page, file);
    }
    if (!pages.folder(target)) {
      problems.add(page.source() + ": " + destination + ": no such file");
    }
    return null;
  }

  /** A link of a made page is to a place of the site already. */
  private String made(Page page, String destination, String path) {
    String place = Path.of("/" + page.place()).getParent().resolve(path).normalize().toString().substring(1);
    if (pages.at(place) == null) {
      problems.add(page.source() + ": " + destination + ": no such page");
    }
    return destination;
  }

  private static String relative(Page page, String place) {
    return page.up() + place;
  }

  private Set<String> anchors(Page page) {
    return anchors.computeIfAbsent(page.source(), source -> {
      Set<String> ids = new HashSet<>();
      headings(parser.parse(page.markdown())).forEach(heading -> ids.add(heading.anchor()));
      return ids;
    });
  }
}
