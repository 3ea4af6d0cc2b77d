/** The hypervisor's driver for the host bridge @VENDOR@,@NAME@. */
package @PACKAGE@;
