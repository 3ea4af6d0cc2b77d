// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.reference;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import org.xenolith.conformance.layers.BuiltBundle;

/**
 * Functions of UEFI firmware that the built bundles answer for. A name that a function answers for is compared with a constant, so that all constants of the bundle, of
 * kit and contracts are tried on it.
 */
final class AnsweredFunctions implements AutoCloseable {
  private static final String API = "org.xenolith.efi.boot.api";
  private static final String PACKAGE = API + '.';
  private static final String STATUS = "org/xenolith/efi/api/EfiStatus";

  private final Map<String, List<ClassModel>> classes = new TreeMap<>();
  private final URLClassLoader loader;

  AnsweredFunctions(List<BuiltBundle> bundles) {
    loader = new URLClassLoader(bundles.stream().map(AnsweredFunctions::url).toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    for (BuiltBundle bundle : bundles) {
      if (bundle.imports().containsKey(API) || bundle.name().equals(API)) {
        classes.put(bundle.name(), read(bundle));
      }
    }
  }

  private static URL url(BuiltBundle bundle) {
    try {
      return bundle.jar().toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<ClassModel> read(BuiltBundle bundle) {
    List<ClassModel> models = new ArrayList<>();
    try (JarFile jar = new JarFile(bundle.jar().toFile())) {
      for (var entry : jar.stream().filter(each -> each.getName().endsWith(".class")).toList()) {
        try (InputStream code = jar.getInputStream(entry)) {
          models.add(ClassFile.of().parse(code.readAllBytes()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return models;
  }

  private static String name(ClassModel model) {
    return model.thisClass().asInternalName().replace('/', '.');
  }

  /** The layers by their bundles: instances of all classes of providers that are some. */
  Map<String, Object> layers(Set<String> providers) throws ReflectiveOperationException {
    Class<?> layer = loader.loadClass(PACKAGE + "EfiLayer");
    Map<String, Object> found = new TreeMap<>();
    for (String bundle : classes.keySet()) {
      for (ClassModel model : providers.contains(bundle) ? classes.get(bundle) : List.<ClassModel>of()) {
        Class<?> type = loader.loadClass(name(model));
        if (layer.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers()) && found.put(bundle, make(type)) != null) {
          throw new IllegalStateException(bundle + " has two layers; its README can describe only one");
        }
      }
    }
    return found;
  }

  private static Object make(Class<?> type) throws ReflectiveOperationException {
    Constructor<?> constructor = type.getDeclaredConstructors()[0];
    constructor.setAccessible(true);
    List<Object> arguments = new ArrayList<>();
    for (Class<?> parameter : constructor.getParameterTypes()) {
      arguments.add(parameter == boolean.class ? Boolean.FALSE : null);
    }
    return constructor.newInstance(arguments.toArray());
  }

  /** The core, around which there is nothing. */
  Object core(String type) throws ReflectiveOperationException {
    Constructor<?> constructor = loader.loadClass(type).getDeclaredConstructors()[0];
    constructor.setAccessible(true);
    Class<?> around = constructor.getParameterTypes()[0];
    Object nothing = Proxy.newProxyInstance(loader, new Class<?>[] {around}, (proxy, method, arguments) -> method.getReturnType().isEnum()
        ? method.getReturnType().getEnumConstants()[0] : null);
    return constructor.newInstance(nothing, constructor.getParameterTypes()[1].getConstructor().newInstance());
  }

  /** Names that an object answers for. @param method of one argument, which returns null for what it doesn't know */
  Set<String> names(String bundle, Object asked, String method) throws ReflectiveOperationException {
    Method function = null;
    for (Class<?> type = asked.getClass(); function == null; type = type.getSuperclass()) {
      for (Method each : type.getDeclaredMethods()) {
        if (each.getName().equals(method) && List.of(each.getParameterTypes()).equals(List.of(String.class)) && !each.isBridge()) {
          function = each;
        }
      }
    }
    function.setAccessible(true);
    Set<String> names = new TreeSet<>();
    for (String from : List.of(bundle, OperationsPage.KIT, API)) {
      for (String candidate : constants(from)) {
        try {
          if (function.invoke(asked, candidate) != null) {
            names.add(candidate);
          }
        } catch (InvocationTargetException e) {
          throw new IllegalStateException(bundle + ": asked for a function " + candidate, e.getCause());
        }
      }
    }
    return names;
  }

  private Set<String> constants(String bundle) {
    Set<String> constants = new TreeSet<>();
    for (ClassModel model : classes.get(bundle)) {
      model.constantPool().forEach(entry -> {
        if (entry instanceof StringEntry text) {
          constants.add(text.stringValue());
        }
      });
    }
    return constants;
  }

  /** Simple names of the kit's classes that a bundle uses, with those that they use. */
  Set<String> pieces(String bundle) {
    String kit = OperationsPage.KIT.replace('.', '/') + '/';
    Set<String> used = new TreeSet<>();
    List<ClassModel> open = new ArrayList<>(classes.get(bundle));
    while (!open.isEmpty()) {
      open.removeLast().constantPool().forEach(entry -> {
        if (entry instanceof ClassEntry type && type.asInternalName().startsWith(kit) && used.add(type.asInternalName().substring(kit
            .length()))) {
          classes.get(OperationsPage.KIT).stream().filter(each -> each.thisClass().asInternalName().equals(type.asInternalName())).forEach(
              open::add);
        }
      });
    }
    return used;
  }

  /** Names of the statuses that a bundle's own code names but to compare something with them. */
  Set<String> statuses(String bundle) {
    Set<String> statuses = new TreeSet<>();
    for (ClassModel model : classes.get(bundle)) {
      for (MethodModel method : model.methods()) {
        List<Instruction> code = method.code().map(body -> body.elementStream().filter(Instruction.class::isInstance).map(
            Instruction.class::cast).toList()).orElse(List.of());
        for (int i = 0; i < code.size(); i++) {
          if (code.get(i) instanceof FieldInstruction field && field.owner().asInternalName().equals(STATUS) && !isCompared(code, i + 1)) {
            statuses.add(field.name().stringValue());
          }
        }
      }
    }
    return statuses;
  }

  private static boolean isCompared(List<Instruction> code, int next) {
    boolean number = code.get(next) instanceof InvokeInstruction;
    Opcode then = code.get(number ? next + 1 : next).opcode();
    return number ? then == Opcode.LCMP : then == Opcode.IF_ACMPEQ || then == Opcode.IF_ACMPNE;
  }

  /** All statuses that there are. */
  Set<String> allStatuses() throws ClassNotFoundException {
    Set<String> all = new TreeSet<>();
    for (Object each : loader.loadClass(STATUS.replace('/', '.')).getEnumConstants()) {
      all.add(((Enum<?>) each).name());
    }
    return all;
  }

  @Override
  public void close() throws IOException {
    loader.close();
  }
}
