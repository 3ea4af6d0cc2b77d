// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.emf.common.util.TreeIterator;
import org.eclipse.emf.common.util.URI;
import org.eclipse.emf.ecore.EObject;
import org.eclipse.emf.ecore.resource.Resource;
import org.eclipse.emf.ecore.resource.ResourceSet;
import org.eclipse.emf.ecore.resource.impl.ResourceSetImpl;
import org.eclipse.emf.ecore.xmi.XMLResource;
import org.eclipse.emf.ecore.xmi.impl.XMIResourceImpl;
import org.eclipse.emf.ecore.xmi.impl.XMLParserPoolImpl;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtException;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Type;
import org.xenolith.platform.api.Platform.Timing;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.loader.Topology.DeclaredOption;
import org.xenolith.platform.model.BooleanOption;
import org.xenolith.platform.model.IntegerOption;
import org.xenolith.platform.model.Node;
import org.xenolith.platform.model.Option;
import org.xenolith.platform.model.Platform;
import org.xenolith.platform.model.PlatformFactory;
import org.xenolith.platform.model.PlatformPackage;
import org.xenolith.platform.model.TextOption;
import org.xenolith.platform.model.tree.NodeFacts;
import org.xenolith.platform.model.tree.TreeConversion;

/**
 * Topology files: XMI of the topology model. The only class of this bundle that touches EMF; nothing of EMF is in its
 * signatures, so that it is loaded by its first use and not before.
 */
final class TopologyFile {
  private static final URI UNNAMED = URI.createURI("memory:/topology.platform");
  private static final String REMEDY = "; compare it with what 'topology import' writes";

  /** A file is data: it can't name document types, and with these no entity or other file is ever fetched. */
  private static final Map<String, Boolean> PARSER_FEATURES =
      Map.of("http://apache.org/xml/features/disallow-doctype-decl", true);
  private static final Map<Object, Object> LOAD = Map.of(
      XMLResource.OPTION_PARSER_FEATURES, PARSER_FEATURES,
      XMLResource.OPTION_USE_PARSER_POOL, new XMLParserPoolImpl(),
      XMLResource.OPTION_DISABLE_NOTIFY, true,
      XMLResource.OPTION_DEFER_IDREF_RESOLUTION, true);
  private static final Map<Object, Object> SAVE = Map.of(
      XMLResource.OPTION_ENCODING, "UTF-8",
      XMLResource.OPTION_CONFIGURATION_CACHE, true);

  private TopologyFile() {}

  /**
   * Reads a topology file.
   *
   * @throws PlatformException naming the file, and line and column where the fault has them
   */
  static Topology read(PlatformFile file) {
    if (!file.isText()) {
      throw file.noTopology();
    }
    try {
      Resource resource = resource();
      resource.load(new ByteArrayInputStream(file.bytes()), LOAD);
      return topology(platform(resource));
    } catch (FdtException e) {
      throw new PlatformException(file.file() + ": " + e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      throw new PlatformException(file.file() + " is no topology file: " + reason(e) + REMEDY, e);
    }
  }

  /** The file for a tree; nodes that a model serves get its options, without values. */
  static byte[] write(String name, Fdt tree, Models models) {
    Platform platform = TreeConversion.toModel(name, tree);
    for (TreeIterator<EObject> all = platform.eAllContents(); all.hasNext();) {
      if (all.next() instanceof Node node) {
        models.serving(node.getCompatible()).ifPresent(
            model -> model.options().forEach(option -> node.getOptions().add(option(option))));
      }
    }
    try {
      Resource resource = resource();
      resource.getContents().add(platform);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      resource.save(bytes, SAVE);
      return bytes.toByteArray();
    } catch (IOException | RuntimeException e) {
      throw new PlatformException("the topology of " + name + " can't be written as XML: " + reason(e)
          + "; give the platform a plain name", e);
    }
  }

  private static Resource resource() {
    ResourceSet resources = new ResourceSetImpl();
    resources.getPackageRegistry().put(PlatformPackage.eNS_URI, PlatformPackage.eINSTANCE);
    // with no handlers, a reference to another file fails instead of being followed
    resources.getURIConverter().getURIHandlers().clear();
    XMIResourceImpl resource = new XMIResourceImpl(UNNAMED);
    resources.getResources().add(resource);
    return resource;
  }

  private static Platform platform(Resource resource) {
    if (resource.getContents().size() != 1 || !(resource.getContents().getFirst() instanceof Platform platform)) {
      throw new PlatformException("its outermost element isn't one platform");
    }
    for (TreeIterator<EObject> all = platform.eAllContents(); all.hasNext();) {
      if (all.next().eIsProxy()) {
        throw new PlatformException("it refers to another file");
      }
    }
    return platform;
  }

  private static Topology topology(Platform platform) {
    Fdt tree = TreeConversion.toTree(platform);
    Map<String, Map<String, String>> options = new LinkedHashMap<>();
    List<DeclaredOption> declared = new ArrayList<>();
    timing(platform, options);
    for (TreeIterator<EObject> all = platform.eAllContents(); all.hasNext();) {
      if (all.next() instanceof Option option && option.eContainer() instanceof Node node) {
        if (option.getName() == null || option.getName().isEmpty()) {
          throw new PlatformException("an option of " + NodeFacts.path(node) + " has no name");
        }
        String path = NodeFacts.path(node);
        declared.add(new DeclaredOption(path, option.getName(), type(option)));
        Object value = option.eGet(option.eClass().getEStructuralFeature("value"));
        if (value != null) {
          options.computeIfAbsent(path, p -> new LinkedHashMap<>()).put(option.getName(), value.toString());
        }
      }
    }
    String name = platform.getName() == null ? "" : platform.getName();
    return new Topology(name, tree, options, declared);
  }

  private static void timing(Platform platform, Map<String, Map<String, String>> options) {
    Timing standard = Timing.STANDARD;
    Map<String, String> whole = new LinkedHashMap<>();
    if (platform.getPicosecondsPerInstruction() != standard.picosecondsPerInstruction()) {
      whole.put(PlatformRecords.PICOSECONDS, Long.toString(platform.getPicosecondsPerInstruction()));
    }
    if (platform.getQuantum() != standard.quantum()) {
      whole.put(PlatformRecords.QUANTUM, Integer.toString(platform.getQuantum()));
    }
    if (!whole.isEmpty()) {
      options.put("/", whole);
    }
  }

  private static Option option(ModelDescription.Option described) {
    Option option = switch (described.type()) {
      case BOOLEAN -> PlatformFactory.eINSTANCE.createBooleanOption();
      case INTEGER -> PlatformFactory.eINSTANCE.createIntegerOption();
      case STRING -> PlatformFactory.eINSTANCE.createTextOption();
    };
    option.setName(described.name());
    return option;
  }

  private static Type type(Option option) {
    return switch (option) {
      case BooleanOption _ -> Type.BOOLEAN;
      case IntegerOption _ -> Type.INTEGER;
      case TextOption _ -> Type.STRING;
      default -> throw new IllegalStateException("an option of the unknown kind " + option.eClass().getName());
    };
  }

  /** The innermost message: EMF wraps, and the place stands in what it wraps. */
  private static String reason(Throwable fault) {
    Throwable at = fault;
    while (at.getCause() != null && at.getCause() != at) {
      at = at.getCause();
    }
    String place = at instanceof org.xml.sax.SAXParseException sax
        ? "line " + sax.getLineNumber() + ", column " + sax.getColumnNumber() + ": " : place(fault);
    String message = at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage();
    return place + message.lines().findFirst().orElse("");
  }

  private static String place(Throwable fault) {
    for (Throwable at = fault; at != null; at = at.getCause()) {
      if (at instanceof Resource.Diagnostic diagnostic && diagnostic.getLine() > 0) {
        return "line " + diagnostic.getLine() + ", column " + diagnostic.getColumn() + ": ";
      }
    }
    return "";
  }
}
