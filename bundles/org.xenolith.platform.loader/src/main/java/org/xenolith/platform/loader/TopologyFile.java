// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import org.eclipse.emf.common.util.TreeIterator;
import org.eclipse.emf.common.util.URI;
import org.eclipse.emf.ecore.EObject;
import org.eclipse.emf.ecore.resource.Resource;
import org.eclipse.emf.ecore.resource.ResourceSet;
import org.eclipse.emf.ecore.resource.impl.ResourceSetImpl;
import org.eclipse.emf.ecore.xmi.XMLResource;
import org.eclipse.emf.ecore.xmi.impl.XMIResourceImpl;
import org.xenolith.fdt.Fdt;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.model.Node;
import org.xenolith.platform.model.Option;
import org.xenolith.platform.model.Platform;
import org.xenolith.platform.model.PlatformFactory;
import org.xenolith.platform.model.PlatformPackage;
import org.xenolith.platform.model.tree.TreeConversion;

/**
 * Writes topology files: XMI of the topology model. The only class of this bundle that touches EMF; nothing of EMF is in its
 * signatures, so that it is loaded by its first use and not before. What reads such files, {@link TopologyReader}, does without.
 */
final class TopologyFile {
  private static final URI UNNAMED = URI.createURI("memory:/topology.platform");
  private static final Map<Object, Object> SAVE = Map.of(
      XMLResource.OPTION_ENCODING, "UTF-8",
      XMLResource.OPTION_CONFIGURATION_CACHE, true);

  private TopologyFile() {}

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

  private static Option option(ModelDescription.Option described) {
    Option option = switch (described.type()) {
      case BOOLEAN -> PlatformFactory.eINSTANCE.createBooleanOption();
      case INTEGER -> PlatformFactory.eINSTANCE.createIntegerOption();
      case STRING -> PlatformFactory.eINSTANCE.createTextOption();
    };
    option.setName(described.name());
    return option;
  }

  /** The innermost message: EMF wraps, and the place stands in what it wraps. */
  private static String reason(Throwable fault) {
    Throwable at = fault;
    while (at.getCause() != null && at.getCause() != at) {
      at = at.getCause();
    }
    return at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage().lines().findFirst().orElse("");
  }
}
