// SPDX-License-Identifier: EPL-2.0
package org.xenolith.releng.abigen;

import java.util.Locale;

/** A class of the ABI as Java source. */
final class JavaText {
  private static final int WIDTH = 120;

  private final StringBuilder text = new StringBuilder();

  private JavaText() {}

  static String of(String javaPackage, AbiTable.Type type) {
    JavaText java = new JavaText();
    java.line("// SPDX-License-Identifier: EPL-2.0");
    java.line("package " + javaPackage + ";");
    java.line("");
    java.doc(type.doc());
    switch (type) {
      case AbiTable.Constants constants -> java.constants(constants);
      case AbiTable.Struct struct -> java.struct(struct);
    }
    java.line("}");
    return java.text.toString();
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private void doc(String doc) {
    if (doc.length() + 7 <= WIDTH) {
      line("/** " + doc + " */");
      return;
    }
    line("/**");
    StringBuilder row = new StringBuilder(" *");
    for (String word : doc.split(" ")) {
      if (row.length() + 1 + word.length() > WIDTH) {
        line(row.toString());
        row = new StringBuilder(" *");
      }
      row.append(' ').append(word);
    }
    line(row.toString());
    line(" */");
  }

  private void constants(AbiTable.Constants constants) {
    line("public final class " + constants.name() + " {");
    for (AbiTable.Constant constant : constants.constants()) {
      line("  public static final " + (constant.isLong() ? "long " : "int ") + constant.name() + " = " + constant.value() + ";");
    }
    line("");
    line("  private " + constants.name() + "() {}");
  }

  private void struct(AbiTable.Struct struct) {
    line("public final class " + struct.name() + " extends AbiStruct {");
    line("  /** Bytes. */");
    line("  public static final int SIZE = " + struct.size() + ";");
    for (AbiTable.Field field : struct.fields()) {
      line("  public static final int " + capitals(field) + " = " + field.offset() + ";");
    }
    for (AbiTable.Field field : struct.fields()) {
      if (field.kind() == AbiTable.Kind.BYTES) {
        line("  /** Bytes of {@code " + field.name() + "}. */");
        line("  public static final int " + capitals(field) + "_BYTES = " + field.bytes() + ";");
      }
    }
    if (struct.hasNarrowLayout()) {
      narrow(struct);
    }
    method("public " + struct.name() + "()", struct.hasNarrowLayout() ? "super(SIZE, NARROW);" : "super(SIZE);");
    struct.fields().forEach(this::accessors);
  }

  /** Its layout for callers with 32-bit words: of each field name, place and bytes, there as here. */
  private void narrow(AbiTable.Struct struct) {
    line("  private static final NarrowLayout NARROW = new NarrowLayout(SIZE, " + struct.narrow() + ")");
    for (AbiTable.Field field : struct.fields()) {
      int there = field.narrow() == null ? field.offset() : field.narrow().offset();
      int bytes = field.narrow() == null ? bytes(field) : field.narrow().bytes();
      switch (field.kind()) {
        case W32_ARRAY, W64_ARRAY -> line("      .array(\"%s\", %s, %d, %d, %d)".formatted(field.name(), capitals(field),
            field.kind() == AbiTable.Kind.W32_ARRAY ? 4 : 8, there, bytes));
        default -> line("      .field(\"%s\", %s, %d, %d, %d)".formatted(field.name(), capitals(field), bytes(field), there, bytes));
      }
    }
    text.insert(text.length() - 1, ";");
  }

  private static int bytes(AbiTable.Field field) {
    return switch (field.kind()) {
      case U8, S8 -> 1;
      case U16, S16 -> 2;
      case W32, W32_ARRAY -> 4;
      case W64, W64_ARRAY -> 8;
      case BYTES -> field.bytes();
    };
  }

  private void accessors(AbiTable.Field field) {
    switch (field.kind()) {
      case U8 -> accessors(field, "int", 8, "byte", " & 0xff");
      case S8 -> accessors(field, "int", 8, "byte", "");
      case U16 -> accessors(field, "int", 16, "short", " & 0xffff");
      case S16 -> accessors(field, "int", 16, "short", "");
      case W32 -> accessors(field, "int", 32, null, "");
      case W64 -> accessors(field, "long", 64, null, "");
      case W32_ARRAY -> elements(field, "int", 32);
      case W64_ARRAY -> elements(field, "long", 64);
      case BYTES -> {
      }
    }
  }

  private void accessors(AbiTable.Field field, String type, int bits, String narrow, String mask) {
    String place = "address + " + capitals(field);
    String name = camel(field.name());
    method("public " + type + " " + name + "()", "return memory.read" + bits + "(" + place + ")" + mask + ";");
    method("public void " + name + "(" + type + " value)",
        "memory.write" + bits + "(" + place + ", " + (narrow == null ? "" : "(" + narrow + ") ") + "value);");
  }

  private void elements(AbiTable.Field field, String type, int bits) {
    String place = "address + " + capitals(field) + " + " + bits / 8 + "L * index";
    String name = camel(field.name());
    method("public " + type + " " + name + "(int index)", "return memory.read" + bits + "(" + place + ");");
    method("public void " + name + "(int index, " + type + " value)", "memory.write" + bits + "(" + place + ", value);");
  }

  private void method(String signature, String statement) {
    line("");
    line("  " + signature + " {");
    line("    " + statement);
    line("  }");
  }

  private static String capitals(AbiTable.Field field) {
    return field.name().toUpperCase(Locale.ROOT);
  }

  private static String camel(String name) {
    StringBuilder camel = new StringBuilder();
    for (String part : name.split("_")) {
      camel.append(camel.isEmpty() ? part : Character.toUpperCase(part.charAt(0)) + part.substring(1));
    }
    return camel.toString();
  }
}
