// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;

/** Class files of before Java 6 as ones of Java 8, with stack maps: the JVM keeps no older ones ready, and takes long to check them at each start. */
final class ModernCode {
  /** JVMS 4.1 and 4.10: class files of this version and later have stack maps. */
  private static final int WITH_MAPS = ClassFile.JAVA_6_VERSION;
  /** Of a class file: the signature, the minor version, then two bytes of the version. */
  private static final int VERSION = 6;

  private final ClassFile classes;

  /** @param loader where the supertypes of classes are found */
  ModernCode(ClassLoader loader) {
    classes = ClassFile.of(ClassFile.StackMapsOption.GENERATE_STACK_MAPS, ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver
        .ofResourceParsing(loader)
        .orElse(ClassHierarchyResolver.defaultResolver())));
  }

  /** A class file that the JVM keeps ready: another one if this is old. */
  byte[] of(byte[] file) {
    if (((file[VERSION] & 0xff) << Byte.SIZE | file[VERSION + 1] & 0xff) >= WITH_MAPS) {
      return file;
    }
    ClassModel old = classes.parse(file);
    ClassTransform version = (builder, element) -> builder.with(element instanceof ClassFileVersion ? ClassFileVersion.of(
        ClassFile.JAVA_8_VERSION, 0) : element);
    return classes.transformClass(old, version.andThen(ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)));
  }
}
