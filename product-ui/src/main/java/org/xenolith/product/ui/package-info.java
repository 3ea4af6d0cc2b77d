/** Puts the workbench product together in the build. */
package org.xenolith.product.ui;
