// SPDX-License-Identifier: EPL-2.0
/**
 * ACPI Machine Language (ACPI 6.5, chapter 20) as a tree of immutable terms: {@link org.xenolith.acpi.codec.aml.AmlReader} and
 * {@link org.xenolith.acpi.codec.aml.AmlWriter} convert between bytes and {@link org.xenolith.acpi.codec.aml.AmlTerm};
 * {@link org.xenolith.acpi.codec.aml.AmlNamespace} finds devices and their values.
 *
 * <p>Bodies of methods are kept as bytes: nothing here executes byte code. What is read is written again byte for byte.
 */
package org.xenolith.acpi.codec.aml;
