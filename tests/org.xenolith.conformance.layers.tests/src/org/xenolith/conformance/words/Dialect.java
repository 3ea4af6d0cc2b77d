// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.words;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.reflect.AccessFlag;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Names of types, methods and fields that only we understand, where the field has a word that everybody knows: a side exit, a register
 * cache, a budget. Texts and comments are free.
 */
final class Dialect {
  /** Words that a name has in it, in camel case: {@code waysOut}, {@code WaysOut}, {@code told}, {@code isTold}. */
  private static final Pattern WORDS = Pattern.compile(
      "(^|.*[a-z0-9])(WaysOut|HeldVectors|Elsewhere|Told)([A-Z0-9].*|$)|(waysOut|heldVectors|elsewhere|told)([A-Z0-9].*|$)");
  /** What a name ends with, behind something else. */
  private static final Pattern ENDS = Pattern.compile(".*[a-z0-9](Work|Ways)");
  /** Fields of engines and layers: locals, stack space or bytes that are free, a budget, a receiver that is disabled. */
  private static final Set<String> FIELDS = Set.of("numbers", "room", "left", "deaf");
  private static final Pattern ENGINES_AND_LAYERS = Pattern.compile("(cpu|x64|a64|efi|firmware\\.efi|hostcode)(\\..*)?");

  private Dialect() {}

  /** Whether a name has a word of the dialect in it. */
  static boolean isDialect(String name) {
    return WORDS.matcher(name).matches() || ENDS.matcher(name).matches();
  }

  /**
   * The names in a class that have such a word: {@code BUNDLE TYPE} or {@code BUNDLE TYPE.MEMBER}.
   *
   * @param bundle without {@code org.xenolith.}
   */
  static Set<String> names(String bundle, byte[] code) {
    ClassModel model = ClassFile.of().parse(code);
    String binary = model.thisClass().asInternalName();
    String type = binary.substring(binary.lastIndexOf('/') + 1).replace('$', '.');
    Set<String> members = new TreeSet<>();
    for (MethodModel method : model.methods()) {
      if (!method.flags().has(AccessFlag.SYNTHETIC) && isDialect(method.methodName().stringValue()) && !isSentence(method)) {
        members.add(method.methodName().stringValue());
      }
    }
    boolean checked = ENGINES_AND_LAYERS.matcher(bundle).matches();
    // What has a right side, too, is no budget; nor is a direction.
    boolean sides = model.fields().stream().anyMatch(field -> field.fieldName().equalsString("right"));
    for (FieldModel field : model.fields()) {
      String name = field.fieldName().stringValue();
      boolean side = name.equals("left") && (sides || field.fieldType().equalsString("Z"));
      if (!field.flags().has(AccessFlag.SYNTHETIC) && (isDialect(name) || checked && FIELDS.contains(name) && !side)) {
        members.add(name);
      }
    }
    Set<String> names = new TreeSet<>();
    String simple = type.substring(type.lastIndexOf('.') + 1);
    if (isDialect(simple)) {
      names.add(bundle + " " + type);
    }
    members.forEach(member -> names.add(bundle + " " + type + "." + member));
    return names;
  }

  /** The name of a test is a sentence, which is text. */
  private static boolean isSentence(MethodModel method) {
    return method.findAttribute(Attributes.runtimeVisibleAnnotations()).stream().flatMap(all -> all.annotations().stream()).anyMatch(
        annotation -> annotation.className().stringValue().startsWith("Lorg/junit/"));
  }
}
