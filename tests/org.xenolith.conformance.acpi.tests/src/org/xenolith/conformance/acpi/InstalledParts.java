// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.acpi;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.xenolith.firmware.api.AcpiBridgeKind;
import org.xenolith.firmware.api.AcpiDescriber;
import org.xenolith.firmware.api.AcpiDeviceKind;
import org.xenolith.firmware.api.AcpiTableBuilder;
import org.xenolith.firmware.kit.AcpiParts;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.PlatformReader;
import org.xenolith.platform.api.TopologyFormat;

/** What the installed bundles offer. */
final class InstalledParts {
  private static final BundleContext CONTEXT = FrameworkUtil.getBundle(InstalledParts.class).getBundleContext();

  private InstalledParts() {}

  static AcpiParts all() {
    return new AcpiParts(services(AcpiTableBuilder.class).stream().map(CONTEXT::getService).toList(), byCompatible(AcpiDeviceKind.class),
        byCompatible(AcpiBridgeKind.class));
  }

  static BoardProvider board(String name) {
    return services(BoardProvider.class).stream().map(CONTEXT::getService).filter(board -> board.name().equals(name)).findFirst()
        .orElseThrow(() -> new AssertionError("no bundle offers the board " + name));
  }

  static PlatformReader reader() {
    return CONTEXT.getService(CONTEXT.getServiceReference(PlatformReader.class));
  }

  static AcpiDescriber describer() {
    return CONTEXT.getService(CONTEXT.getServiceReference(AcpiDescriber.class));
  }

  static TopologyFormat format(String name) {
    return services(TopologyFormat.class).stream().map(CONTEXT::getService).filter(format -> format.name().equals(name)).findFirst()
        .orElseThrow(() -> new AssertionError("no bundle offers the form " + name));
  }

  private static <T> Map<String, T> byCompatible(Class<T> type) {
    Map<String, T> found = new LinkedHashMap<>();
    for (ServiceReference<T> reference : services(type)) {
      Object values = reference.getProperty(AcpiDeviceKind.COMPATIBLE);
      for (Object value : values instanceof Object[] several ? several : new Object[] {values}) {
        found.put((String) value, CONTEXT.getService(reference));
      }
    }
    return found;
  }

  private static <T> List<ServiceReference<T>> services(Class<T> type) {
    try {
      Collection<ServiceReference<T>> found = CONTEXT.getServiceReferences(type, null);
      return List.copyOf(found);
    } catch (InvalidSyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
