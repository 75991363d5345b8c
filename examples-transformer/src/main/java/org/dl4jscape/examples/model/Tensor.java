package org.dl4jscape.examples.model;

/**
 * One parameter tensor of a layer.
 *
 * @param name key of the parameter, letters and digits only
 * @param rows number of rows
 * @param columns number of columns
 * @param deviation standard deviation of its normal initial values; 0: the constant
 * @param constant initial value where the deviation is 0
 */
record Tensor(String name, int rows, int columns, double deviation, double constant) {
    static Tensor normal(String name, int rows, int columns, double deviation) {
        return new Tensor(name, rows, columns, deviation, 0);
    }

    static Tensor constant(String name, int columns, double value) {
        return new Tensor(name, 1, columns, 0, value);
    }

    int length() {
        return rows * columns;
    }

    boolean isMatrix() {
        return rows > 1;
    }
}
