/** The host bridge @VENDOR@,@NAME@. */
package @PACKAGE@;
