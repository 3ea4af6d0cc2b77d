// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.FieldRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A driver of firmware of bundles, by what it declares and by what its bundle's classes name.
 *
 * @param bundle  that has it
 * @param type    its class
 * @param managed the GUID of the protocol that it says it manages; the kit opens no other for it BY_DRIVER
 * @param tree    whether that is its mark on devices of the device tree
 * @param names   all GUIDs that its bundle names
 * @param held    whether a test of its bundle extends the contract of drivers
 */
record EfiDriver(String bundle, String type, String managed, boolean tree, Set<String> names, boolean held) {
  private static final String API = "org.xenolith.efi.boot.api.";
  private static final String KIT = "org.xenolith.efi.boot.kit.";
  private static final String GUID = "\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}";

  /** GUIDs by the names that {@code Protocol} gives them. */
  static Map<String, String> protocols(List<BuiltBundle> built) {
    try (URLClassLoader loader = loader(built)) {
      Map<String, String> protocols = new TreeMap<>();
      for (var field : loader.loadClass(API + "Protocol").getFields()) {
        protocols.put(field.getName(), field.get(null).toString());
      }
      return protocols;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Bundles that have a layer, drivers and others. */
  static Set<String> layers(List<BuiltBundle> built, BuiltClasses classes) {
    try (URLClassLoader loader = loader(built)) {
      Set<String> bundles = new TreeSet<>();
      classes(loader, API + "EfiLayer", classes).forEach(type -> bundles.add(classes.bundles().get(type.getName())));
      return bundles;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All drivers of built bundles. */
  static List<EfiDriver> of(List<BuiltBundle> built, BuiltClasses classes) {
    Map<String, String> protocols = protocols(built);
    List<EfiDriver> drivers = new ArrayList<>();
    try (URLClassLoader loader = loader(built)) {
      Class<?> tree = loader.loadClass(KIT + "TreeDriverLayer");
      for (Class<?> type : classes(loader, KIT + "DriverLayer", classes)) {
        String bundle = classes.bundles().get(type.getName());
        Method managed = type.getMethod("managed");
        managed.setAccessible(true);
        drivers.add(new EfiDriver(bundle, type.getName(), String.valueOf(managed.invoke(made(type))), tree.isAssignableFrom(type), names(
            bundle, classes, protocols), isHeld(bundle)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    return drivers;
  }

  private static URLClassLoader loader(List<BuiltBundle> built) throws IOException {
    List<URL> jars = new ArrayList<>();
    for (BuiltBundle bundle : built) {
      jars.add(bundle.jar().toUri().toURL());
    }
    return new URLClassLoader(jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  /** Concrete classes of bundles {@code efi.*} that are of a type. */
  private static List<Class<?>> classes(ClassLoader loader, String type, BuiltClasses classes) {
    List<Class<?>> found = new ArrayList<>();
    try {
      Class<?> above = loader.loadClass(type);
      for (String name : classes.bundles().keySet()) {
        if (classes.bundles().get(name).startsWith("org.xenolith.efi.") && name.endsWith("Layer")) {
          Class<?> each = loader.loadClass(name);
          if (above.isAssignableFrom(each) && !Modifier.isAbstract(each.getModifiers())) {
            found.add(each);
          }
        }
      }
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
    found.sort((one, other) -> one.getName().compareTo(other.getName()));
    return found;
  }

  /** A layer has no state, so that what it is made with doesn't matter. */
  private static Object made(Class<?> type) throws ReflectiveOperationException {
    Constructor<?> constructor = type.getDeclaredConstructors()[0];
    constructor.setAccessible(true);
    Object[] nothing = Arrays.stream(constructor.getParameterTypes()).map(each -> each == boolean.class ? (Object) false : each
        .isPrimitive() ? 0
        : null).toArray();
    return constructor.newInstance(nothing);
  }

  private static Set<String> names(String bundle, BuiltClasses classes, Map<String, String> protocols) {
    Set<String> names = new TreeSet<>();
    classes.models().forEach((name, model) -> {
      if (classes.bundles().get(name).equals(bundle)) {
        names.addAll(names(model, protocols));
      }
    });
    return names;
  }

  private static Set<String> names(ClassModel model, Map<String, String> protocols) {
    Set<String> names = new TreeSet<>();
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof FieldRefEntry field && BuiltClasses.name(field.owner().asInternalName()).equals(API + "Protocol")) {
        names.add(protocols.get(field.name().stringValue()));
      } else if (entry instanceof StringEntry text && text.stringValue().matches(GUID)) {
        names.add(text.stringValue().toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }

  private static boolean isHeld(String bundle) throws IOException {
    Path tests = Checkout.root().resolve("bundles").resolve(bundle).resolve("src/test/java");
    if (Files.notExists(tests)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(tests)) {
      for (Path file : files.filter(each -> each.toString().endsWith("Test.java")).toList()) {
        if (Files.readString(file).contains(" extends DriverContract ")) {
          return true;
        }
      }
    }
    return false;
  }
}
