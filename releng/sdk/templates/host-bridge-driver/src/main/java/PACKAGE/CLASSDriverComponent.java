package @PACKAGE@;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the driver to hypervisors, as a subsystem of its own. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=pcihost-@NAME@")
public final class @CLASS@DriverComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("@NAME@ driver",
      "The hypervisor's driver for PCI host bridges @VENDOR@,@NAME@", "PCI Express Base 4.0, 7.2.2");

  @Override public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override public DeviceModel create(DeviceContext context) {
    return new @CLASS@Subsystem(context);
  }
}
