// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.xenolith.conformance.api.ApiChange.Grade;
import org.xenolith.conformance.api.ApiListing.ExportedPackage;

/** The listing sees what users see, and each kind of change asks for the right version. */
class ApiChangeTest {

  /** A fixture for the listing. */
  public interface Shape extends Comparable<Shape> {
    int SIDES = 4;

    List<String> names(long area);

    default void draw() {}
  }

  @Test
  void listingHasTypesMembersSignaturesAndConstants() throws IOException {
    String me = ApiChangeTest.class.getName();
    assertEquals(
        Set.of(
            me + "$Shape: public static interface abstract Ljava/lang/Object;Ljava/lang/Comparable<L"
                + me.replace('.', '/') + "$Shape;>;",
            me + "$Shape#SIDES I = 4: public static final",
            me + "$Shape#names(J)Ljava/util/List<Ljava/lang/String;>;: public abstract",
            me + "$Shape#draw()V: public"),
        new TreeSet<>(ApiListing.lines(code(Shape.class))));
  }

  @Test
  void hiddenTypesHaveNoLines() throws IOException {
    assertEquals(List.of(), ApiListing.lines(code(ApiChangeTest.class)));
  }

  @Test
  void textIsReadBack() {
    String text = "package a 1.2.0\na.X#f()V: public\na.X: public class\npackage b 1.0.0\n";
    assertEquals(text, ApiListing.parse(text.lines().toList()).text());
  }

  @Test
  void unchangedPackageMayKeepItsVersion() {
    check(Grade.NONE, true, "1.0.0", List.of("a.X: public"), "1.0.0", List.of("a.X: public"));
    check(Grade.NONE, false, "1.1.0", List.of("a.X: public"), "1.0.0", List.of("a.X: public"));
  }

  @Test
  void additionNeedsAMinorStep() {
    check(Grade.MINOR, false, "1.0.0", List.of("a.X: public"), "1.0.0", List.of("a.X: public", "a.Y: public"));
    check(Grade.MINOR, true, "1.0.0", List.of("a.X: public"), "1.1.0", List.of("a.X: public", "a.Y: public"));
  }

  @Test
  void removalNeedsAMajorStep() {
    check(Grade.MAJOR, false, "1.0.0", List.of("a.X: public", "a.Y: public"), "1.1.0", List.of("a.X: public"));
    check(Grade.MAJOR, true, "1.0.0", List.of("a.X: public", "a.Y: public"), "2.0.0", List.of("a.X: public"));
  }

  @Test
  void anotherInterfaceOfATypeThatOnlyWeExtendNeedsAMinorStep() {
    List<String> before = List.of("a.X: public final java/lang/Object a/Port");
    check(Grade.MINOR, true, "1.0.0", before, "1.1.0", List.of("a.X: public final java/lang/Object a/Port java/lang/AutoCloseable"));
    check(Grade.MAJOR, false, "1.0.0", before, "1.1.0", List.of("a.X: public final java/lang/Object a/Portal"));
    check(Grade.MAJOR, false, "1.0.0", List.of("a.X: public java/lang/Object a/Port"), "1.1.0",
        List.of("a.X: public java/lang/Object a/Port java/lang/AutoCloseable"));
    check(Grade.MINOR, true, "1.0.0", List.of("a.X: public interface abstract java/lang/Object @ProviderType"), "1.1.0",
        List.of("a.X: public interface abstract java/lang/Object java/lang/AutoCloseable @ProviderType"));
    check(Grade.MAJOR, false, "1.0.0", List.of("a.X: public interface abstract java/lang/Object"), "1.1.0",
        List.of("a.X: public interface abstract java/lang/Object java/lang/AutoCloseable"));
  }

  @Test
  void newAbstractMethodBreaksImplementersUnlessOnlyWeImplement() {
    List<String> consumer = List.of("a.X: public interface abstract ");
    check(Grade.MAJOR, false, "1.0.0", consumer, "1.1.0", plus(consumer, "a.X#f()V: public abstract"));
    List<String> provider = List.of("a.X: public interface abstract  @ProviderType");
    check(Grade.MINOR, true, "1.0.0", provider, "1.1.0", plus(provider, "a.X#f()V: public abstract"));
  }

  private static List<String> plus(List<String> lines, String line) {
    return java.util.stream.Stream.concat(lines.stream(), java.util.stream.Stream.of(line)).toList();
  }

  private static void check(
      Grade grade, boolean fine, String oldVersion, List<String> old, String newVersion, List<String> now) {
    ApiChange change = new ApiChange("a", new ExportedPackage(oldVersion, new TreeSet<>(old)),
        new ExportedPackage(newVersion, new TreeSet<>(now)));
    assertEquals(grade, change.grade());
    assertTrue(change.problem().isEmpty() == fine, change.problem());
  }

  private static byte[] code(Class<?> type) throws IOException {
    String name = type.getName().substring(type.getPackageName().length() + 1) + ".class";
    try (var in = type.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }
}
