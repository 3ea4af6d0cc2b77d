// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.xenolith.conformance.jvm.CodeSizes.Method;
import org.xenolith.conformance.layers.Checkout;

/**
 * Methods keep to what HotSpot's compilers take. Generated regions have a test of their own in cpu.a64.regions. The limits are the
 * defaults of JDK 25 (src/hotspot/share: runtime/globals.hpp HugeMethodLimit, opto and runtime FreqInlineSize).
 */
class HotMethodsTest {
  /** A longer method is never compiled. */
  private static final int HUGE_METHOD_LIMIT = 8000;

  /** A longer method is never inlined, however often it is called. */
  private static final int FREQ_INLINE_SIZE = 325;

  /**
   * What runs once may be long; and the Eclipse compiler gives each class that has a switch over a large enum such a table, which
   * it can't be talked out of: hot methods don't switch over large enums.
   */
  private static final Pattern MAY_BE_HUGE = Pattern.compile(".*#(<clinit>|\\$SWITCH_TABLE\\$.*)");

  private static final List<Method> METHODS =
      Checkout.bundles().stream().flatMap(bundle -> CodeSizes.of(bundle.jar()).stream()).toList();

  @Test
  void noMethodIsTooLongToBeCompiled() {
    assertTrue(METHODS.size() > 5000, "only " + METHODS.size() + " methods were found");
    assertEquals("", lines(METHODS.stream()
        .filter(method -> method.bytes() > HUGE_METHOD_LIMIT && !MAY_BE_HUGE.matcher(method.where()).matches()).toList()));
  }

  @Test
  void hotMethodsAreShortEnoughToBeInlined() {
    Map<String, List<Method>> hot = hot();
    assertEquals("", lines(hot.values().stream().flatMap(List::stream)
        .filter(method -> method.bytes() > FREQ_INLINE_SIZE && !method.name().startsWith("<")).distinct().toList()),
        "longer than " + FREQ_INLINE_SIZE + " bytes: move what is seldom needed to a method of its own");
    assertEquals("", hot.entrySet().stream().filter(entry -> entry.getValue().isEmpty()).map(Map.Entry::getKey)
        .collect(Collectors.joining("\n")), "lines of hot-methods.txt that fit no method");
  }

  @Test
  void hotMethodsDoNotSwitchOverALargeEnum() {
    List<String> types = METHODS.stream().filter(method -> method.bytes() > HUGE_METHOD_LIMIT && method.name().startsWith("$SWITCH_TABLE$"))
        .map(Method::type).toList();
    assertEquals("", lines(hot().values().stream().flatMap(List::stream)
        .filter(method -> types.contains(method.type()) && !method.name().startsWith("<"))
        .distinct().toList()),
        "their class asks a table for each switch whose method is never compiled");
  }

  @Test
  void theLengthIsThatOfTheCode() {
    List<Method> methods = new ArrayList<>();
    CodeSizes.add(methods, ClassFile.of().build(ClassDesc.of("example.Long"), type -> type.withMethodBody("run",
        MethodTypeDesc.of(ConstantDescs.CD_void), ClassFile.ACC_STATIC, code -> {
          for (int i = 0; i < HUGE_METHOD_LIMIT; i++) {
            code.nop();
          }
          code.return_();
        })));
    assertEquals("[example.Long#run: 8001 bytes]", methods.toString());
  }

  /** The methods that each line of the list names. */
  private static Map<String, List<Method>> hot() {
    return list().lines().filter(line -> !line.isBlank() && !line.startsWith("#")).collect(Collectors.toMap(line -> line, line -> {
      Pattern pattern = Pattern.compile(Pattern.quote(line).replace("*", "\\E.*\\Q"));
      return METHODS.stream().filter(method -> pattern.matcher(method.where()).matches()).toList();
    }));
  }

  private static String list() {
    try (InputStream in = HotMethodsTest.class.getResourceAsStream("hot-methods.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String lines(List<Method> methods) {
    return methods.stream().map(Method::toString).sorted().collect(Collectors.joining("\n"));
  }
}
