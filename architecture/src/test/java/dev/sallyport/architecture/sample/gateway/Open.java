package dev.sallyport.architecture.sample.gateway;

/** Public, and open to be extended. */
public class Open {}
