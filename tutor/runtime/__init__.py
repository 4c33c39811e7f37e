"""Where steps run: kernels behind one Protocol. The only room that may import zmq and jupyter_client."""
